import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { sourceOf } from './dataset-config.js';
import type { Experiment } from './schema.js';

/** What tells a file from every other, whatever name or link it is reached by; undefined for one that cannot be reached. */
export function identity(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    // The read or the write that follows tells why.
    return undefined;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // A path that is no folder is reported when it is read.
    return [];
  }
}

/** The files that the data of an experiment are read from. */
export function sourcesOf({ dataset }: Experiment): string[] {
  const source = sourceOf(dataset);
  if (source !== undefined) return [source];
  return 'digits' in dataset && dataset.digits !== 'auto' ? filesIn(dataset.digits) : [];
}

/**
 * Refuses to write over what an experiment's data are read from.
 * @param option names the file, e.g. `--out`
 * @throws UsageError
 */
export function requireNoSource(experiment: Experiment, file: string, option: string): void {
  const written = identity(file);
  const source = written && sourcesOf(experiment).find((one) => identity(one) === written);
  if (!source) return;
  throw new UsageError(`${option} would write over ${source}, from which the data are read`, 'give another file.');
}
