import { createHash } from 'node:crypto';
import type { Digits } from '@nem/datasets/mnist';
import { type DigitsConfig, hasDigits } from './dataset-config.js';
import { type Experiment, stageExperiments } from './schema.js';

/**
 * The images of digits that data are drawn from. File formats are loaded only where they are needed.
 * @throws DatasetFileError for files that are incomplete or damaged
 */
export async function readDigits({ digits: source }: DigitsConfig): Promise<Digits> {
  const { loadDigits } = await import('@nem/datasets/mnist');
  return loadDigits(source === 'auto' ? {} : { folder: source });
}

const shortHash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 8);

/** A hash of all images of a training and of a test file, 16 hexadecimal digits; no proof against a forger. */
const imagesFingerprint = ({ training, test }: Digits) => shortHash(training) + shortHash(test);

/**
 * The fingerprint of the images of digits that an experiment's data are drawn from here: where they are looked for, other
 * machines may have others. Undefined where the data are no digits.
 * @throws DatasetFileError for files that are incomplete or damaged
 */
export async function digitsFingerprint(experiment: Experiment): Promise<string | undefined> {
  const parts = experiment.stages ? stageExperiments(experiment) : [experiment];
  const config = parts.map(({ dataset }) => dataset).find(hasDigits);
  return config && imagesFingerprint(await readDigits(config));
}

/** Whether two fingerprints are of different digits. Runs of an older version do not know theirs: those may be any. */
export const areOtherDigits = (one: string | undefined, another: string | undefined): boolean =>
  one !== undefined && another !== undefined && one !== another;
