import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    mnist: 'src/mnist/index.ts',
    'mnist-browser': 'src/mnist/browser.ts',
    hdf5: 'src/hdf5/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
  // One DatasetError for all entries, in CommonJS too.
  splitting: true,
  sourcemap: true,
  // import.meta.url in CommonJS, for what is read from beside the package.
  shims: true,
});
