import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', charts: 'src/charts.ts', tensorboard: 'src/tensorboard-events.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
  splitting: true,
  sourcemap: true,
});
