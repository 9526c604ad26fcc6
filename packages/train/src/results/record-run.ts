import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../errors.js';
import { readEvaluations } from '../evaluation/record.js';
import { experiments } from '../experiments/index.js';
import type { RunConfig } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { withoutFolders } from '../run/without-folders.js';
import { settingsOf } from './settings.js';

/** The folder of the records inside that of the results. */
export const RECORDS = 'records';

/** What is kept of a run beside its evaluations: no weights, no optimizer. */
const FILES = ['config.json', 'metrics.jsonl', 'timing.jsonl', 'losses.jsonl', 'machines.jsonl', 'report/overview.png'];

/** Settings that were changed, as a part of a name. */
function changesOf(config: RunConfig): string {
  const { settings, isChanged } = settingsOf(config);
  return isChanged ? `-changed-${createHash('sha256').update(settings).digest('hex').slice(0, 8)}` : '';
}

/** The name of a run's record, e.g. `flying-shapes-3-k5-seed-0`; the same settings, precision, first weights and seed give the same name. */
function recordName(config: RunConfig): string {
  const { seed, precision } = config;
  const { name, components, recipe } = config.experiment;
  const isOwn = experiments.some((one) => one.name === name && one.components === components);
  const parts = [name, ...(isOwn ? [] : [`k${components}`]), ...(recipe === undefined ? [] : [recipe])];
  if (precision !== undefined) parts.push(precision);
  return `${parts.join('-')}${changesOf(config)}-seed-${seed}`;
}

/** What is kept of a run's file. */
function kept(file: string, bytes: Buffer): string | Buffer {
  if (file !== 'config.json') return bytes;
  return `${JSON.stringify(withoutFolders(JSON.parse(bytes.toString()) as RunConfig), null, 2)}\n`;
}

/**
 * Copies the records of a run into a folder of results, in place of earlier ones of the same name.
 * @returns the name of the record
 * @throws RunError where the run has no epoch yet
 */
export function recordRun(run: RunFolder, results: string): string {
  const config = run.readConfig();
  if (run.readEpochs().length === 0) {
    throw new RunError(`the run in ${run.path} has no epoch to record yet`, [
      'go on with ',
      { type: 'resumeRun', run: run.path },
      ' until one has ended.',
    ]);
  }
  const evaluations = readEvaluations(run.path);
  const name = recordName(withoutFolders(config));
  const record = new RunFolder(join(results, RECORDS, name));
  rmSync(record.path, { recursive: true, force: true });
  for (const file of FILES) {
    const from = join(run.path, file);
    if (existsSync(from)) record.write(file, kept(file, readFileSync(from)));
  }
  for (const { slug } of evaluations) {
    const file = `report/${slug}.json`;
    record.write(file, readFileSync(join(run.path, file)));
  }
  return name;
}
