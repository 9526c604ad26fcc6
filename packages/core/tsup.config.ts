import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', spec: 'src/spec.ts', wasm: 'src/wasm/index.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
  // One class of each error for both entries, in CommonJS too.
  splitting: true,
});
