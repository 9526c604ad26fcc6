import { type Dataset, DatasetError, type Json, SPLITS } from '@nem/datasets';
import { isObject } from '../system/json.js';
import type { CustomConfig } from './dataset-config.js';
import { datasetFingerprint } from './fingerprint.js';

/** Whether a value is data themselves, not their configuration. */
export const isDataset = (value: unknown): value is Dataset => isObject(value) && typeof value.draw === 'function';

/** @throws DatasetError for a value that has no samples to train on */
function requireDataset(dataset: Dataset): void {
  const { name, sizes, draw } = Object(dataset) as Partial<Dataset>;
  if (typeof name !== 'string' || typeof draw !== 'function' || typeof sizes !== 'object') {
    throw new DatasetError('the data have no name, sizes or draw: give what defineDataset returns.');
  }
  const empty = SPLITS.find((split) => !(sizes[split] >= 1));
  if (empty) throw new DatasetError(`${name} has no ${empty} samples: give each split at least one.`);
}

/**
 * What a run records of data of a user's own.
 * @throws DatasetError for what is no dataset, has a split without samples, or cannot be drawn
 */
export function describeDataset(dataset: Dataset): CustomConfig {
  requireDataset(dataset);
  const { name, version = 1, options = {}, frames, objects, height, width, sizes } = dataset;
  return {
    type: 'custom',
    ...{ name, version, options: JSON.parse(JSON.stringify(options)), frames, objects, height, width, ...sizes },
    fingerprint: datasetFingerprint(dataset),
  };
}

/** A value as JSON, the keys of each object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

const text = (value: unknown) => JSON.stringify(ordered(value));

/** E.g. `bars version 1 {"seed":0}`. */
function called({ name, version, options }: CustomConfig): string {
  return [name, `version ${version}`, ...(Object.keys(options).length > 0 ? [JSON.stringify(options)] : [])].join(' ');
}

/** What tells data from others, wherever they are exported; with their values to be named. */
const PARTS: readonly (keyof CustomConfig &
  ('frames' | 'objects' | 'height' | 'width' | 'training' | 'validation' | 'test'))[] = [
  'height',
  'width',
  'frames',
  'objects',
  'training',
  'validation',
  'test',
];

/** How data differ from those that a run was trained on, as a clause; undefined where they are the same. */
export function otherData(recorded: CustomConfig, found: CustomConfig): string | undefined {
  const identity = ({ name, version, options }: CustomConfig) => text([name, version, options as Json]);
  if (identity(recorded) !== identity(found))
    return `the data are ${called(found)} and the run's are ${called(recorded)}`;
  const part = PARTS.find((one) => recorded[one] !== found[one]);
  if (part) return `${part} of ${found.name} is ${found[part]} and the run's is ${recorded[part]}`;
  if (recorded.fingerprint === found.fingerprint) return undefined;
  return `the samples of ${called(found)} are others than the run's`;
}

/**
 * @throws DatasetError where data are not those that a run records
 */
export function requireSameData(recorded: CustomConfig, dataset: Dataset): void {
  const other = otherData(recorded, describeDataset(dataset));
  if (other) throw new DatasetError(`${other}: give those, or name other data on purpose with the option data.`);
}
