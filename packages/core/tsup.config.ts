import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: { index: 'src/index.ts', tensorflow: 'src/tensorflow/index.ts' },
});
