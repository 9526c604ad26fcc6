import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: { index: 'src/index.ts', charts: 'src/charts.ts', tensorboard: 'src/tensorboard-events.ts' },
  // Of ECharts' 60 MB a chart needs half a megabyte: it is carried in the build (see THIRD-PARTY.md).
  noExternal: [/^echarts/, /^zrender/, 'tslib'],
  // Its checks for developers ask for a variable that a page does not have.
  define: { 'process.env.NODE_ENV': '"production"' },
  esbuildOptions(options) {
    options.minifySyntax = true;
  },
});
