import { resolve } from 'node:path';

/** What is used of the file system that the HDF5 library was compiled with. */
export interface LibraryFiles {
  open(path: string, flags: number, ...rest: unknown[]): unknown;
  readonly ErrnoError: new (errno: number) => Error;
}

/** WASI's number of "permission denied". */
const EACCES = 2;
/** Set where a file must not exist yet: the library writes its messages into such ones. */
const O_EXCL = 0o200;

/** Files that a caller has named. */
const named = new Set<string>();
let confined: LibraryFiles | undefined;

/** Lets the library open a file. */
export function allowFile(path: string): void {
  named.add(resolve(path));
}

/**
 * Keeps the library from every file that no caller has named: a hostile file can name others, by external links, external
 * storage and virtual arrays, and the library would read them.
 */
export function confine(files: LibraryFiles): void {
  if (confined === files) return;
  confined = files;
  const open = files.open;
  files.open = (path, flags, ...rest) => {
    if (!named.has(resolve(path)) && !(flags & O_EXCL)) throw new files.ErrnoError(EACCES);
    return open(path, flags, ...rest);
  };
}
