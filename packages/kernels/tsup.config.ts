import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: { index: 'src/index.ts', native: 'src/native.ts', engine: 'src/engine/index.ts' },
  // The addon lies beside dist: its place is told by import.meta.url, in CommonJS too.
  shims: true,
});
