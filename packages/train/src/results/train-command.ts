import { isDeepStrictEqual } from 'node:util';
import { weightsUrl } from '@nem/models';
import { sourceOf } from '../experiments/dataset-config.js';
import { type Experiment, experiments, hasDigits, overruledField } from '../experiments/index.js';
import type { OriginTraining } from '../run/origin.js';
import { isObject } from '../system/json.js';
import { shellWord } from '../system/shell-word.js';
import { differenceOf, NAMES } from './settings.js';

/** The page is the same wherever it is made. */
const quoted = (argument: string) => shellWord(argument, 'linux');

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

const hasSameKeys = (a: object, b: object) =>
  Array.isArray(a) === Array.isArray(b) && isDeepStrictEqual(Object.keys(a).sort(), Object.keys(b).sort());

/**
 * What differs between two values, by its path. A part with other fields or of another length differs as a whole: `--set` changes
 * fields that are there, and neither adds nor removes one.
 */
function differences(base: unknown, found: unknown, path: string): [path: string, value: unknown][] {
  if (isDeepStrictEqual(base, found)) return [];
  if (!isObject(base) || !isObject(found) || !hasSameKeys(base, found)) return [[path, found]];
  return Object.entries(found).flatMap(([key, value]) => differences(base[key], value, `${path}.${key}`));
}

/** As `base`, but without a threshold where older data have none: groups are scored and not trained on. */
function asOldAs(base: Experiment, { dataset }: Experiment): Experiment {
  if (!hasDigits(base.dataset) || !hasDigits(dataset) || dataset.groupThreshold !== undefined) return base;
  return { ...base, dataset: { ...base.dataset, groupThreshold: undefined } };
}

/** A text that `--set` would read as a number, say, is given as JSON. */
function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

/** The settings that are not those of the experiment's name and recipe, each as `--set` takes it. */
function settingsOfCommand(experiment: Experiment): string[] {
  const { name, components } = experiment;
  const difference = differenceOf(experiment);
  if (!difference) return [];
  const base = asJson(asOldAs(difference.base, experiment));
  const isOwn = experiments.some((one) => one.name === name && one.components === components);
  // Data that are read say by themselves what they are.
  const isRead = sourceOf(experiment.dataset) !== undefined;
  const changed = Object.entries(asJson(experiment))
    .filter(([field]) => !NAMES.has(field) && !(isRead && field === 'dataset'))
    .flatMap(([field, value]) => differences(base[field], value, field))
    // The command refuses what changes nothing.
    .filter(([field]) => overruledField(experiment, field) === undefined)
    .map(([field, value]) => `${field}=${valueText(value)}`);
  return [...(isOwn ? [] : [`components=${components}`]), ...changed];
}

/** What `nem train` is given first, and the data where they are not the experiment's own: a module has both. */
function namesOf({ name, dataset }: Experiment): readonly [first: string, data: string | undefined] {
  const source = sourceOf(dataset);
  const isListed = experiments.some((one) => one.name === name);
  return dataset.type === 'custom' && source !== undefined && !isListed ? [source, undefined] : [name, source];
}

/** A folder as a command is to name it: one that is called as a model of @nem/models would be taken for the model. */
const folder = (name: string) => (weightsUrl(name) ? `./${name}` : name);

/**
 * The command that trains a run again, e.g. `nem train static-shapes --recipe fast --seed 2`.
 * @param out the folder that it is to write. Default: the command's own
 */
export function trainCommand(
  { experiment, precision, from, seed }: Omit<OriginTraining, 'updates'>,
  out?: string,
): string {
  const [first, data] = namesOf(experiment);
  // Weights whose training is known are made by a command of their own; others may be a model's.
  const start = from?.trained ? folder(from.source) : from?.source;
  const options = { recipe: experiment.recipe, data, precision, from: start, out: out && folder(out) };
  return [
    ...['nem', 'train', first],
    ...Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`, value])),
    ...settingsOfCommand(experiment).flatMap((one) => ['--set', one]),
    ...['--seed', String(seed)],
  ]
    .map(quoted)
    .join(' ');
}
