import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig(tsupPreset);
