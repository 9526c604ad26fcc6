import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Split } from '@nem/datasets';
import { type Remedy, RunError } from '../errors.js';
import { BEST, LARGEST_WEIGHTS, REPORT } from '../run/run-files.js';
import { readWhole } from '../system/files.js';
import type { FrameEvaluation } from './evaluate.js';

/** `report/<slug>.json`: what an evaluation found, and of what. JSON has no NaN: such a value is null. */
export interface EvaluationRecord extends FrameEvaluation {
  /** E.g. `test set, 3 objects, K = 5`. */
  readonly name: string;
  readonly slug: string;
  readonly split: Split;
  readonly seed: number;
  readonly engine: string;
  /** The fingerprint of the images that digits were drawn from, where the data are digits. */
  readonly digits?: string;
  /** SHA-256 of `checkpoints/best.safetensors`. */
  readonly weights: string;
}

/** What was found, and what its scores by step are of: `frame`, or `EM step` of still images. */
export interface RunEvaluation {
  readonly record: EvaluationRecord;
  readonly frameName: string;
}

const LARGEST_RECORD = 2 ** 24;
const REMOVE: Remedy = ['remove it and ', { type: 'evaluateAgain' }];
const FILE = /^(training|validation|test)(-[\w.-]+)?\.json$/;

/** SHA-256 of a run's best weights. */
export function weightsDigest(run: string): string {
  const file = join(run, BEST);
  return createHash('sha256')
    .update(readWhole(file, LARGEST_WEIGHTS, 'name the folder of a trained run'))
    .digest('hex');
}

/** Every evaluation in a folder, of whatever weights. @throws RunError for a file that is damaged */
export function readEvaluationFiles(place: string): EvaluationRecord[] {
  const folder = join(place, REPORT);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => FILE.test(file))
    .map((file) => readRecord(join(folder, file)));
}

/** Whether a folder has an evaluation of other weights than those of a SHA-256. */
export const hasOtherWeights = (place: string, weights: string): boolean =>
  readEvaluationFiles(place).some((record) => record.weights !== weights);

/**
 * The evaluations of some weights in the folder of a run, or in another one that they were written into; the plain one of the test
 * set first.
 * @param digest of the weights. Default: of the run's present ones
 * @throws RunError for a file that is damaged
 */
export function readEvaluations(place: string, digest?: string): EvaluationRecord[] {
  const found = readEvaluationFiles(place);
  if (found.length === 0) return [];
  const weights = digest ?? weightsDigest(place);
  const records = found.filter((record) => record.weights === weights);
  const rank = ({ slug }: EvaluationRecord) => (slug === 'test' ? '' : slug);
  return records.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function readRecord(file: string): EvaluationRecord {
  try {
    const record = JSON.parse(readWhole(file, LARGEST_RECORD, REMOVE).toString('utf8'), (_, value) =>
      value === null ? Number.NaN : value,
    );
    if (!Array.isArray(record?.frames)) throw new Error('fields are missing');
    // The names of its pictures are made from it.
    if (record.slug !== basename(file, '.json')) throw new Error('its slug does not match the name of the file');
    return record as EvaluationRecord;
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`${file} is no evaluation (${(error as Error).message})`, [REMOVE, '.'].flat());
  }
}
