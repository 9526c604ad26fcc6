import { createHash } from 'node:crypto';
import type { Split } from '@nem/datasets';
import { option, UsageError } from '../errors.js';
import {
  type DatasetConfig,
  type Experiment,
  findExperiment,
  hasDigits,
  isDrawn,
  isSequence,
  parseExperiment,
  parseSplit,
  withDataFile,
} from '../experiments/index.js';
import { requireNumber } from '../system/numbers.js';
import { counted } from '../words.js';

/** What an evaluation may change of the run's own experiment. */
export interface EvaluationChanges {
  /** Another experiment's data, steps, noise and K. */
  readonly experiment?: string;
  /** An HDF5 file, or a module that exports data, in place of the experiment's data. */
  readonly data?: string;
  /** K: the network is shared by all components, so its weights fit any. */
  readonly components?: number;
  readonly objects?: number;
  /** Brightness above which a pixel belongs to a digit, from 0 to below 1. */
  readonly groupThreshold?: number;
  /** Frames of a sequence; its steps are one fewer. */
  readonly frames?: number;
  /** EM steps; the frames of a sequence are one more. */
  readonly steps?: number;
  /** Default `test`. */
  readonly split?: string;
  /** The first so many inputs of the split, an integer of at least 1. Default: all; of `training` as many as there are test inputs. */
  readonly count?: number;
  /** Of data, noise and initial γ, an integer of at least 0. Default: the run's. */
  readonly seed?: number;
}

/** What is evaluated. */
export interface EvaluationPlan {
  /** E.g. `test set` or `test set, 3 objects, K = 5`. */
  readonly name: string;
  /** The name of its files, e.g. `test-objects-3-components-5`. */
  readonly slug: string;
  readonly experiment: Experiment;
  readonly split: Split;
  readonly count?: number;
  readonly seed: number;
}

/** @throws UsageError for data of another size than a network was trained on */
function requireSameSize(trained: DatasetConfig, name: string, other: DatasetConfig): void {
  const size = ({ height, width }: DatasetConfig) => `${height}×${width}`;
  if (size(other) === size(trained)) return;
  throw new UsageError(
    `the run was trained on ${size(trained)} pixels and ${name} has ${size(other)}: choose an experiment of the same size.`,
  );
}

/** The network of `trained` on the data of the experiment `name`. */
function onOther(trained: Experiment, name: string): Experiment {
  const { dataset, steps, noise, components, lossSteps } = findExperiment(name);
  requireSameSize(trained.dataset, name, dataset);
  return { ...trained, dataset, steps, noise, components, lossSteps };
}

/** `trained` on the data of a file or, where their configuration is known, of a module. */
function onData(trained: Experiment, name: string, config: DatasetConfig | undefined): Experiment {
  if (!config) return withDataFile(trained, name);
  requireSameSize(trained.dataset, name, config);
  const { stages: _, ...rest } = trained;
  return { ...rest, dataset: config };
}

function withObjects({ dataset, ...rest }: Experiment, objects: number): Experiment {
  if (!isDrawn(dataset)) {
    const what = dataset.type === 'hdf5' ? 'a file' : dataset.name;
    throw new UsageError(
      [option('objects'), ` is ${objects} where the data are ${what}`],
      'their number cannot be changed: leave the option out.',
    );
  }
  return { ...rest, dataset: { ...dataset, objects } };
}

function withGroupThreshold({ dataset, ...rest }: Experiment, groupThreshold: number): Experiment {
  if (!hasDigits(dataset)) {
    throw new UsageError(
      [option('groupThreshold'), ` is ${groupThreshold} where the data are ${dataset.type}`],
      'only digits have pixels of several brightnesses.',
    );
  }
  return { ...rest, dataset: { ...dataset, groupThreshold } };
}

/** The experiment with other numbers of frames and steps, which of a sequence depend on each other. */
function withLength(experiment: Experiment, frames: number | undefined, steps: number | undefined): Experiment {
  const { dataset } = experiment;
  if (frames === undefined && steps === undefined) return experiment;
  if (!isSequence(dataset)) {
    if (frames === undefined) return { ...experiment, steps: steps as number };
    if (isDrawn(dataset)) {
      const reason = [option('frames'), ` is ${frames} where ${dataset.type} has still images`];
      throw new UsageError(reason, ['use ', option('steps'), '.']);
    }
    return { ...experiment, steps: steps ?? frames - 1 };
  }
  if (frames !== undefined && steps !== undefined && frames !== steps + 1) {
    const reason = [option('frames'), ` is ${frames} and `, option('steps'), ` is ${steps}`];
    throw new UsageError(reason, 'a sequence has a frame more than steps.');
  }
  const length = frames ?? (steps as number) + 1;
  return { ...experiment, steps: length - 1, dataset: { ...dataset, frames: length } };
}

/**
 * What to evaluate of a run.
 * @param trained the run's experiment
 * @param seed the run's seed
 * @param config of the data that `changes` names, where they are a module's
 * @throws UsageError for changes that contradict each other or that the data do not have, and for a number that is out of its range
 */
export function planEvaluation(
  trained: Experiment,
  seed: number,
  changes: EvaluationChanges,
  config?: DatasetConfig,
): EvaluationPlan {
  const split = parseSplit(changes.split ?? 'test');
  requireNumber('count', changes.count, 'an integer of at least 1');
  requireNumber('seed', changes.seed, 'an integer of at least 0');
  let experiment = changes.experiment === undefined ? trained : onOther(trained, changes.experiment);
  if (changes.data !== undefined) experiment = onData(experiment, changes.data, config);
  if (changes.objects !== undefined) experiment = withObjects(experiment, changes.objects);
  if (changes.groupThreshold !== undefined) experiment = withGroupThreshold(experiment, changes.groupThreshold);
  experiment = withLength(experiment, changes.frames, changes.steps);
  if (changes.components !== undefined) experiment = { ...experiment, components: changes.components };
  const parts: (readonly [string, string | number | undefined, string])[] = [
    ['', changes.experiment, `${changes.experiment}`],
    ['data', changes.data?.replaceAll(/[^\w-]+/g, '_'), `${changes.data}`],
    ['objects', changes.objects, counted(changes.objects ?? 0, 'object')],
    ['group-threshold', changes.groupThreshold, `groups of pixels above ${changes.groupThreshold}`],
    ['components', changes.components, `K = ${changes.components}`],
    ['frames', changes.frames, counted(changes.frames ?? 0, 'frame')],
    ['steps', changes.steps, counted(changes.steps ?? 0, 'step')],
    ['seed', changes.seed, `seed ${changes.seed}`],
  ];
  const given = parts.filter(([, value]) => value !== undefined);
  return {
    name: [`${split} set`, ...given.map(([, , text]) => text)].join(', '),
    slug: [split, ...given.flatMap(([key, value]) => [key, String(value)])].filter((part) => part !== '').join('-'),
    experiment: parseExperiment({ ...experiment, stages: undefined }),
    split,
    count: changes.count,
    seed: changes.seed ?? seed,
  };
}

/** The plan with its number of inputs in its name and its files' names. */
const withCountNamed = (plan: EvaluationPlan, inputs: number): EvaluationPlan => ({
  ...plan,
  name: `${plan.name}, ${counted(inputs, 'input')}`,
  slug: countedSlug(plan.slug, inputs),
});

/** The name of the files of an evaluation of fewer inputs than another one of the same name. */
export const countedSlug = (slug: string, inputs: number) => `${slug}-count-${inputs}`;

/**
 * The plan as it is told from the evaluations that a run has: one of fewer inputs does not take the place of one of more, nor one
 * of other data of which the path makes the same file's name.
 */
export function besideOthers(
  plan: EvaluationPlan,
  inputs: number,
  others: readonly { readonly name: string; readonly slug: string; readonly inputs: number }[],
): EvaluationPlan {
  const same = others.find(({ slug }) => slug === plan.slug);
  if (!same) return plan;
  if (same.name !== plan.name) {
    const digest = createHash('sha256').update(plan.name).digest('hex').slice(0, 8);
    return besideOthers({ ...plan, slug: `${plan.slug}-${digest}` }, inputs, others);
  }
  return same.inputs > inputs ? withCountNamed(plan, inputs) : plan;
}
