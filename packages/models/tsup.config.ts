import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tools/tsup-preset.mjs';

// The shims give the CommonJS form the address of its file, next to which the weights lie.
export default defineConfig({ ...tsupPreset, shims: true });
