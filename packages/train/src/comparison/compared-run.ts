import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EvaluationRecord, readEvaluations } from '../evaluation/record.js';
import { bestEpoch, type EpochRecord } from '../run/epoch-record.js';
import type { RunConfig } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { leaves } from '../system/json.js';

/** What is compared of a run. */
export interface ComparedRun {
  /** The folder, as it was named. */
  readonly path: string;
  readonly config: RunConfig;
  readonly epochs: readonly EpochRecord[];
  /** The epoch of the lowest validation loss; absent before the first. */
  readonly best?: EpochRecord;
  /** The plain evaluation of its weights on the test inputs, or one of fewer; absent where it has none. */
  readonly test?: EvaluationRecord;
}

/** Whether a folder has a run. */
export const isRun = (path: string): boolean => existsSync(join(path, 'config.json'));

/** @throws RunError for a file that is damaged */
export function readComparedRun(path: string): ComparedRun {
  const folder = new RunFolder(path);
  const epochs = folder.readEpochs();
  const isTest = ({ slug }: EvaluationRecord) => /^test(-count-\d+)?$/.test(slug);
  const best = bestEpoch(epochs);
  return { path, config: folder.readConfig(), epochs, best, test: best && readEvaluations(path).find(isTest) };
}

/** What an experiment is called by says nothing of how it is trained. */
const NAMES = new Set(['experiment.name', 'experiment.description']);

const text = (value: unknown) =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

/** The settings in which runs differ: their names, with a value for each run. */
export function differences(runs: readonly ComparedRun[]): (readonly [name: string, values: readonly string[]])[] {
  const settings = runs.map(({ config }) => new Map(leaves({ ...config })));
  const names = [...new Set(settings.flatMap((one) => [...one.keys()]))].filter((name) => !NAMES.has(name));
  return names
    .map((name) => [name.replace(/^experiment\./, ''), settings.map((one) => text(one.get(name)))] as const)
    .filter(([, values]) => new Set(values).size > 1);
}
