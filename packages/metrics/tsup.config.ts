import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
  esbuildOptions(options) {
    // A few kB for browsers: comments go, names stay, so that a stack trace can be read without the source.
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    options.lineLimit = 400;
  },
});
