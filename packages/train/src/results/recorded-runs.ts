import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EvaluationRecord, readEvaluationFiles } from '../evaluation/record.js';
import { findExperiment } from '../experiments/index.js';
import { RESULTS, type Training, trainingsOf } from '../reproduction/results.js';
import type { EpochRecord, UpdateLoss } from '../run/epoch-record.js';
import type { Machine } from '../run/machine.js';
import type { RunConfig } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { type Reached, reachedOf } from './ending.js';
import { RECORDS } from './record-run.js';
import { settingsOf } from './settings.js';

/** What the results keep of a run. */
export interface RecordedRun {
  /** Of its folder. */
  readonly name: string;
  /** The folder. */
  readonly path: string;
  readonly config: RunConfig;
  /** By what settings it was trained. */
  readonly settings: string;
  readonly reached: Reached;
  readonly epochs: readonly EpochRecord[];
  readonly losses: readonly UpdateLoss[];
  readonly machines: readonly Machine[];
  readonly evaluations: readonly EvaluationRecord[];
  /** What it is a run of; undefined where the paper has no such run. */
  readonly training?: Training;
}

const componentsOf = ({ experiment, components }: Training) => components ?? findExperiment(experiment).components;

/** The training of the paper's results that an experiment belongs to. */
const trainingOf = ({ experiment: { name, components } }: RunConfig) =>
  trainingsOf(RESULTS).find((training) => training.experiment === name && componentsOf(training) === components);

function readRecord(folder: RunFolder, name: string): RecordedRun {
  const config = folder.readConfig();
  const epochs = folder.readEpochs();
  return {
    name,
    path: folder.path,
    config,
    settings: settingsOf(config).settings,
    reached: reachedOf(config.experiment, epochs),
    epochs,
    losses: folder.readLosses(),
    machines: folder.readMachines(),
    evaluations: readEvaluationFiles(folder.path),
    training: trainingOf(config),
  };
}

/** The runs that a folder of results keeps, in the order of their names. @throws RunError for a damaged record */
export function readRecordedRuns(results: string): RecordedRun[] {
  const folder = join(results, RECORDS);
  if (!existsSync(folder)) return [];
  // A system may keep files of its own there, and a record that is being written has a name with a dot.
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readRecord(new RunFolder(join(folder, name)), name));
}
