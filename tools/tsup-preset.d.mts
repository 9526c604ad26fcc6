/** How declarations are written: without looking for faults, which `typecheck` finds. */
export declare const declarations: { readonly compilerOptions: { readonly noCheck: true } };

/** tsup's configuration for a package with one entry, as ES module and as CommonJS. */
export declare const tsupPreset: {
  readonly entry: string[];
  readonly format: ('esm' | 'cjs')[];
  readonly target: 'es2022';
  readonly dts: typeof declarations;
  readonly clean: true;
};

/** What a package with several entries has beside. */
export declare const sharedChunks: { readonly splitting: true; readonly plugins: { name: string }[] };
