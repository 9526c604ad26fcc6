import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: { index: 'src/index.ts', charts: 'src/charts.ts', tensorboard: 'src/tensorboard-events.ts' },
});
