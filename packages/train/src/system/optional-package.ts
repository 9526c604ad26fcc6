import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Remedy, RunError } from '../errors.js';
import { BUNDLED } from './assets.js';

/** What is missing, and the command that adds it. */
interface MissingPackages {
  readonly reason: string;
  readonly remedy: Remedy;
}

/** A path's folder and all above it. */
function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/**
 * Whether `import` finds a package: in the folders above this file. `require` also looks in `NODE_PATH`, which the commands that
 * pnpm installs set.
 */
const isInstalled = (name: string) =>
  foldersAbove(fileURLToPath(import.meta.url)).some((folder) =>
    existsSync(join(folder, 'node_modules', name, 'package.json')),
  );

/** Which of the optional peers `names` are not installed; undefined where all are, and in the command as one file, which has them. */
export function missingPackages(names: readonly string[]): MissingPackages | undefined {
  const missing = BUNDLED ? [] : names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return undefined;
  const [what, are] = missing.length === 1 ? ['package', 'is'] : ['packages', 'are'];
  const reason = `the npm ${what} ${missing.join(' and ')} ${are} not installed`;
  return { reason, remedy: `npm install ${missing.join(' ')}` };
}

/**
 * @param what needs them, e.g. `the engine 'cpu'`
 * @throws RunError with the command that installs what is missing
 */
export function requirePackages(what: string, names: readonly string[]): void {
  const missing = missingPackages(names);
  if (missing) throw new RunError(`${what} does not start: ${missing.reason}`, `run ${missing.remedy}.`);
}
