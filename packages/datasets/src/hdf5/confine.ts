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

/** The only file that the library may open at present; undefined where it may open any. */
let only: string | undefined;
let guarded: LibraryFiles | undefined;

/** Makes {@link confined} hold for the library whose files these are. */
export function guard(files: LibraryFiles): void {
  if (guarded === files) return;
  guarded = files;
  const open = files.open;
  files.open = (path, flags, ...rest) => {
    const isAllowed = only === undefined || resolve(path) === only || (flags & O_EXCL) !== 0;
    if (!isAllowed) throw new files.ErrnoError(EACCES);
    return open(path, flags, ...rest);
  };
}

/**
 * Runs what reads a file, and keeps the library from every other one meanwhile: a hostile file can name others, by external links,
 * external storage and virtual arrays, and the library would read them. Outside, a program may use the library for files of its own.
 */
export function confined<T>(path: string, run: () => T): T {
  const before = only;
  only = resolve(path);
  try {
    return run();
  } finally {
    only = before;
  }
}
