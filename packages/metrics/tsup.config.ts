import { defineConfig } from 'tsup';
import { sharedChunks, tsupPreset } from '../../tools/tsup-preset.mjs';

export default defineConfig({
  ...tsupPreset,
  ...sharedChunks,
  entry: { index: 'src/index.ts', frames: 'src/frames.ts' },
  esbuildOptions(options) {
    // A few kB for browsers: comments go, names stay, so that a stack trace can be read without the source.
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    options.lineLimit = 400;
  },
});
