import { createHash } from 'node:crypto';
import type { Split } from '@nem/datasets';
import { UsageError } from '../errors.js';
import {
  type Experiment,
  findExperiment,
  isSequence,
  parseExperiment,
  parseSplit,
  withDataFile,
} from '../experiments/index.js';
import { counted } from '../words.js';

/** What an evaluation may change of the run's own experiment. */
export interface EvaluationChanges {
  /** Another experiment's data, steps, noise and K. */
  readonly experiment?: string;
  /** An HDF5 file in place of the experiment's data. */
  readonly data?: string;
  /** K: the network is shared by all components, so its weights fit any. */
  readonly components?: number;
  readonly objects?: number;
  /** Frames of a sequence; its steps are one fewer. */
  readonly frames?: number;
  /** EM steps; the frames of a sequence are one more. */
  readonly steps?: number;
  /** Default `test`. */
  readonly split?: string;
  /** The first so many inputs of the split. Default: all; of `training` as many as there are test inputs. */
  readonly count?: number;
  /** Of data, noise and initial γ. Default: the run's. */
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

/** The network of `trained` on the data of the experiment `name`. */
function onOther(trained: Experiment, name: string): Experiment {
  const { dataset, steps, noise, components, lossSteps } = findExperiment(name);
  const size = ({ height, width }: Experiment['dataset']) => `${height}×${width}`;
  if (size(dataset) !== size(trained.dataset)) {
    throw new UsageError(
      `the run was trained on ${size(trained.dataset)} pixels and ${name} has ${size(dataset)}: choose an experiment of the same size.`,
    );
  }
  return { ...trained, dataset, steps, noise, components, lossSteps };
}

function withObjects({ dataset, ...rest }: Experiment, objects: number): Experiment {
  if (!('objects' in dataset)) {
    throw new UsageError(`--objects is ${objects} where the data are a file: its objects are as they are.`);
  }
  return { ...rest, dataset: { ...dataset, objects } };
}

/** The experiment with other numbers of frames and steps, which of a sequence depend on each other. */
function withLength(experiment: Experiment, frames: number | undefined, steps: number | undefined): Experiment {
  const { dataset } = experiment;
  if (frames === undefined && steps === undefined) return experiment;
  if (!isSequence(dataset)) {
    if (frames === undefined) return { ...experiment, steps: steps as number };
    if (dataset.type !== 'hdf5') {
      throw new UsageError(`--frames is ${frames} where ${dataset.type} has still images: use --steps.`);
    }
    return { ...experiment, steps: steps ?? frames - 1 };
  }
  if (frames !== undefined && steps !== undefined && frames !== steps + 1) {
    throw new UsageError(`--frames is ${frames} and --steps is ${steps}: a sequence has a frame more than steps.`);
  }
  const length = frames ?? (steps as number) + 1;
  return { ...experiment, steps: length - 1, dataset: { ...dataset, frames: length } };
}

/**
 * What to evaluate of a run.
 * @param trained the run's experiment
 * @param seed the run's seed
 * @throws UsageError for changes that contradict each other or that the data do not have
 */
export function planEvaluation(trained: Experiment, seed: number, changes: EvaluationChanges): EvaluationPlan {
  const split = parseSplit(changes.split ?? 'test');
  let experiment = changes.experiment === undefined ? trained : onOther(trained, changes.experiment);
  if (changes.data !== undefined) experiment = withDataFile(experiment, changes.data);
  if (changes.objects !== undefined) experiment = withObjects(experiment, changes.objects);
  experiment = withLength(experiment, changes.frames, changes.steps);
  if (changes.components !== undefined) experiment = { ...experiment, components: changes.components };
  const parts: (readonly [string, string | number | undefined, string])[] = [
    ['', changes.experiment, `${changes.experiment}`],
    ['data', changes.data?.replaceAll(/[^\w-]+/g, '_'), `${changes.data}`],
    ['objects', changes.objects, counted(changes.objects ?? 0, 'object')],
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
