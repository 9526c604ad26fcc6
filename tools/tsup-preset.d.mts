/** tsup's configuration for a package with one entry, as ES module and as CommonJS. */
export declare const tsupPreset: {
  readonly entry: string[];
  readonly format: ('esm' | 'cjs')[];
  readonly target: 'es2022';
  readonly dts: true;
  readonly clean: true;
};

/** What a package with several entries has beside. */
export declare const sharedChunks: { readonly splitting: true; readonly plugins: { name: string }[] };
