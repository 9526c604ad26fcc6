import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '@nem/datasets';
import { RunError } from '../errors.js';
import type { FrameEvaluation } from './evaluate.js';

/** `report/<slug>.json`: what an evaluation found, and of what. JSON has no NaN: such a value is null. */
export interface EvaluationRecord extends FrameEvaluation {
  /** E.g. `test set, 3 objects, K = 5`. */
  readonly name: string;
  readonly slug: string;
  readonly split: Split;
  readonly seed: number;
  readonly engine: string;
  /** SHA-256 of `checkpoints/best.safetensors`. */
  readonly weights: string;
}

const FILE = /^(training|validation|test)(-[\w.-]+)?\.json$/;

/** SHA-256 of a run's best weights. */
export function weightsDigest(run: string): string {
  const file = join(run, 'checkpoints/best.safetensors');
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    throw new RunError(`cannot read ${file} (${(error as Error).message}): name the folder of a trained run.`);
  }
}

/**
 * The evaluations of a run's present weights, the plain one of the test set first.
 * @throws RunError for a file that is damaged
 */
export function readEvaluations(run: string): EvaluationRecord[] {
  const folder = join(run, 'report');
  if (!existsSync(folder)) return [];
  const weights = weightsDigest(run);
  const records = readdirSync(folder)
    .filter((file) => FILE.test(file))
    .map((file) => readRecord(join(folder, file)))
    .filter((record) => record.weights === weights);
  const rank = ({ slug }: EvaluationRecord) => (slug === 'test' ? '' : slug);
  return records.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function readRecord(file: string): EvaluationRecord {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8'), (_, value) => (value === null ? Number.NaN : value));
    if (typeof record?.slug !== 'string' || !Array.isArray(record.frames)) throw new Error('fields are missing');
    return record as EvaluationRecord;
  } catch (error) {
    throw new RunError(`${file} is no evaluation (${(error as Error).message}): remove it and run nem evaluate again.`);
  }
}
