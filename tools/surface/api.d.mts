/** An entry of a package that has types. */
export interface Entry {
  /** The package's folder. */
  readonly name: string;
  /** The sub-path; `index` is the package itself. */
  readonly entry: string;
  /** The declarations that are built. */
  readonly types: string;
}

export const ENTRIES: readonly Entry[];
export function holdsReport(entry: Entry, options?: { readonly write?: boolean }): boolean;
