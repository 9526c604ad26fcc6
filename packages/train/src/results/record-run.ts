import { createHash } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RunError, UsageError } from '../errors.js';
import { readEvaluations } from '../evaluation/record.js';
import { areOtherDigits } from '../experiments/digits.js';
import { experiments } from '../experiments/index.js';
import type { RunConfig } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { withoutFolders } from '../run/without-folders.js';
import { readWhole, writeError } from '../system/files.js';
import { differenceOf, settingsOf } from './settings.js';

/** The folder of the records inside that of the results. */
export const RECORDS = 'records';

const LARGEST_FILE = 2 ** 31;

/** What is kept of a run beside its evaluations: no weights, no optimizer. */
const FILES = ['config.json', 'metrics.jsonl', 'timing.jsonl', 'losses.jsonl', 'machines.jsonl', 'report/overview.png'];

/** Settings that were changed, as a part of a name. */
function changesOf(config: RunConfig): string {
  const { settings, isChanged } = settingsOf(config);
  if (!isChanged) return '';
  // Of an experiment that is not in the list nothing is known that the settings could differ from.
  const what = differenceOf(config.experiment) ? settings : JSON.stringify([settings, config.experiment]);
  return `-changed-${createHash('sha256').update(what).digest('hex').slice(0, 8)}`;
}

/** The name of a run's record, e.g. `flying-shapes-3-k5-seed-0`; the same settings, precision, first weights and seed give the same name. */
function recordName(config: RunConfig): string {
  const { seed, precision } = config;
  const { name, components, recipe } = config.experiment;
  const isOwn = experiments.some((one) => one.name === name && one.components === components);
  // An experiment of a user's own may have any name; a folder has none with a slash, and none that begins with a dot is read.
  const parts = [
    name.replace(/[^\w.-]|^\./g, '-'),
    ...(isOwn ? [] : [`k${components}`]),
    ...(recipe === undefined ? [] : [recipe]),
  ];
  if (precision !== undefined) parts.push(precision);
  return `${parts.join('-')}${changesOf(config)}-seed-${seed}`;
}

/** What is kept of a run's file. */
function kept(file: string, bytes: Buffer): string | Buffer {
  if (file !== 'config.json') return bytes;
  return `${JSON.stringify(withoutFolders(JSON.parse(bytes.toString()) as RunConfig), null, 2)}\n`;
}

/** @throws RunError for a run without an epoch: of one in stages they are put together once the last stage has ended */
function requireEpochs(run: RunFolder, { experiment: { stages } }: RunConfig): void {
  if (run.readEpochs().length > 0) return;
  const [reason, until] = stages
    ? [`the stages of the run in ${run.path} have not all ended`, ' until they have.']
    : [`the run in ${run.path} has no epoch to record yet`, ' until one has ended.'];
  throw new RunError(reason, ['go on with ', { type: 'resumeRun', run: run.path }, until]);
}

/** @throws UsageError for a record, in whose place its own copy would come */
function requireNoRecord(run: RunFolder, records: string): void {
  if (!existsSync(records) || realpathSync(dirname(realpathSync(run.path))) !== realpathSync(records)) return;
  throw new UsageError(`${run.path} is a record already`, "name the run's own folder.");
}

/** What makes a run another one than that of a record. To go on with the same run on another engine or machine does not. */
const identityOf = ({ experiment, precision, from, seed }: RunConfig) => ({ experiment, precision, from, seed });

/** @throws UsageError for a record of the same name of another run, e.g. from other weights of the same name or of other digits */
function requireSameRun(record: string, config: RunConfig): void {
  if (!existsSync(record)) return;
  const known = withoutFolders(new RunFolder(record).readConfig());
  if (isDeepStrictEqual(identityOf(known), identityOf(config)) && !areOtherDigits(known.digits, config.digits)) return;
  throw new UsageError(`${record} is the record of another run`, 'remove it first, or name another folder of results.');
}

/** The files of a record, by their names. */
function* filesOf(run: RunFolder): Generator<[name: string, content: string | Buffer]> {
  const evaluations = readEvaluations(run.path).map(({ slug }) => `report/${slug}.json`);
  for (const file of [...FILES, ...evaluations]) {
    const from = join(run.path, file);
    if (existsSync(from)) yield [file, kept(file, readWhole(from, LARGEST_FILE, 'make it readable'))];
  }
}

/**
 * Copies the records of a run into a folder of results, in place of earlier ones of the same name once it is whole.
 * @returns the name of the record
 * @throws RunError where the run has no epoch yet, or a file cannot be read or written; UsageError for a record of these results, and
 *   where a record of the same name is that of another run
 */
export function recordRun(run: RunFolder, results: string): string {
  const config = run.readConfig();
  const records = join(results, RECORDS);
  requireNoRecord(run, records);
  requireEpochs(run, config);
  const own = withoutFolders(config);
  const name = recordName(own);
  const [record, part] = [join(records, name), new RunFolder(join(records, `.${name}.part`))];
  requireSameRun(record, own);
  try {
    rmSync(part.path, { recursive: true, force: true });
    for (const [file, content] of filesOf(run)) part.write(file, content);
    rmSync(record, { recursive: true, force: true });
    renameSync(part.path, record);
  } catch (error) {
    rmSync(part.path, { recursive: true, force: true });
    throw writeError(record, error);
  }
  return name;
}
