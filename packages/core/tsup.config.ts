import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', tensorflow: 'src/tensorflow/index.ts', wasm: 'src/wasm/index.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
  // One class of each error for all entries, in CommonJS too.
  splitting: true,
});
