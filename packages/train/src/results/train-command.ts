import { sourceOf } from '../experiments/dataset-config.js';
import { type Experiment, experiments } from '../experiments/index.js';
import type { OriginTraining } from '../run/origin.js';
import { differenceOf } from './settings.js';

const quoted = (argument: string) =>
  /^[\w./:=,+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/** A changed field as `--set` takes it. In place of a number, as the learning rate is, an object is given whole. */
function setting(experiment: Experiment, base: Experiment, field: string, value: unknown): string {
  const [top] = field.split('.') as [keyof Experiment];
  const isInside = typeof base[top] === 'object' && base[top] !== null;
  const [name, shown] = isInside ? [field, value] : [top, experiment[top]];
  return `${name}=${typeof shown === 'string' ? shown : JSON.stringify(shown)}`;
}

/** The settings that are not those of the experiment's name and recipe, each as `--set` takes it. */
function settingsOfCommand(experiment: Experiment): string[] {
  const { name, components } = experiment;
  const isOwn = experiments.some((one) => one.name === name && one.components === components);
  const difference = differenceOf(experiment);
  // Data that are read say by themselves what they are.
  const isRead = sourceOf(experiment.dataset) !== undefined;
  const changed = difference?.changed
    .filter(([field]) => !isRead || !field.startsWith('dataset.'))
    .map(([field, value]) => setting(experiment, difference.base, field, value));
  return [...new Set([...(isOwn ? [] : [`components=${components}`]), ...(changed ?? [])])];
}

/**
 * The command that trains a run again, e.g. `nem train static-shapes --recipe fast --seed 2`.
 * @param out the folder that it is to write. Default: the command's own
 */
export function trainCommand(
  { experiment, precision, from, seed }: Omit<OriginTraining, 'updates'>,
  out?: string,
): string {
  const { name, recipe } = experiment;
  const options = { recipe, data: sourceOf(experiment.dataset), precision, from: from?.source, out };
  return [
    ...['nem', 'train', name],
    ...Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`, value])),
    ...settingsOfCommand(experiment).flatMap((one) => ['--set', one]),
    ...['--seed', String(seed)],
  ]
    .map(quoted)
    .join(' ');
}
