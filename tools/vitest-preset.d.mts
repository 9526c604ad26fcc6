/** Vitest's configuration for every package. */
export declare const vitestPreset: {
  readonly test: {
    readonly testTimeout: number;
    readonly include: string[];
    readonly globalSetup: string[];
    readonly setupFiles: string[];
    readonly reporters: string[];
    readonly outputFile: { readonly json: string };
  };
};
