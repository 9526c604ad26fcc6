import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { CONFIG } from '../run/run-files.js';
import { RunFolder } from '../run/run-folder.js';
import { hasOtherWeights, weightsDigest } from './record.js';

/**
 * Where the evaluation of a run is written: into its own folder, or into another one, where the run may only be read.
 * @throws UsageError for a folder in which it would replace what belongs to another run
 */
export function evaluationPlace(run: RunFolder, out: string | undefined): RunFolder {
  if (out === undefined) return run;
  run.requireBest();
  if (existsSync(join(out, CONFIG))) {
    throw new UsageError(`${out} is the folder of a run`, 'give one without a run, to write the evaluation there.');
  }
  if (hasOtherWeights(out, weightsDigest(run.path))) {
    throw new UsageError(`${out} has evaluations of other weights`, 'give another folder, to keep them.');
  }
  return new RunFolder(out);
}
