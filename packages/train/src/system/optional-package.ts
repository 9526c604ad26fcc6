import { createRequire } from 'node:module';
import { type Remedy, RunError } from '../errors.js';
import { BUNDLED } from './assets.js';

/** What is missing, and the command that adds it. */
interface MissingPackages {
  readonly reason: string;
  readonly remedy: Remedy;
}

const { resolve } = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch {
    return false;
  }
}

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
