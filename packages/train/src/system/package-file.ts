import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file of this package, by its path inside it, wherever the code that asks has been built into. */
export const packageFile = (path: string): string =>
  join(dirname(createRequire(import.meta.url).resolve('@nem/train/package.json')), path);
