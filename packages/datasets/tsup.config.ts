import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: {
    index: 'src/index.ts',
    mnist: 'src/mnist/index.ts',
    'mnist-browser': 'src/mnist/browser.ts',
    hdf5: 'src/hdf5/index.ts',
    'hdf5-browser': 'src/hdf5/browser.ts',
  },
  // import.meta.url in CommonJS, for what is read from beside the package.
  shims: true,
});
