/** tsup's configuration for a package with one entry, as ES module and as CommonJS. */
export const tsupPreset = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  clean: true,
};

/**
 * What a package with several entries has beside: chunks that all of them share, in CommonJS too, so that there is one class of
 * each error.
 */
export const sharedChunks = { splitting: true };
