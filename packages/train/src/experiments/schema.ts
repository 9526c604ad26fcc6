import { type EngineSpec, noiseTypes } from '@nem/core';
import * as v from 'valibot';
import { setting, UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { atLeast, integer, positive } from '../system/numbers.js';
import { learningRateField, mixtureField, networkField } from './core-fields.js';
import { datasetSchema, isSequence } from './dataset-config.js';
import { parseStrictly } from './remedy.js';

const count = integer(1);
/** A sequence has a frame more; @nem/datasets draws none of more than 65,536. */
const MOST_STEPS = 65_535;

/** Values of ψ in a batch: 8 GiB, of which training needs several times as much. */
const MOST_VALUES = 2 ** 31;

const probability = atLeast(0, 1);
/** As many inputs as a split may have. */
const size = integer(1, 2 ** 32);
/** Fields that are looked at once they are among the others. */
const someFields = v.record(v.string(), v.unknown());

const noise = v.strictObject({ type: v.picklist(noiseTypes), probability });

/** How an experiment is trained: what a stage may have otherwise, beside the data. */
const trainingFields = {
  // More fit into no picture.
  components: integer(1, 255),
  steps: integer(1, MOST_STEPS),
  interWeight: atLeast(0),
  /** Which steps' losses are trained on: the last one, or each with weight 1. */
  lossSteps: v.picklist(['last', 'all']),
  /** Where the gradient is let through γ: in the losses and the input mask, in one of them, or nowhere. */
  gammaGradient: v.union([v.boolean(), v.picklist(['loss', 'mask'])]),
  /** A rate, or a schedule by the updates of the training or of its stage. */
  learningRate: learningRateField,
  /** Gradients of a larger norm, over all parameters, are scaled down to it. Default: they are left as they are */
  clipNorm: v.optional(positive()),
  batchSize: count,
  /** At most so many epochs; of each stage where there are stages. */
  epochs: count,
  /** Training ends once the validation loss has not improved for so many epochs. */
  patience: count,
  /** Validation inputs that early stopping looks at. */
  validationInputs: count,
};

/**
 * Training inputs that an epoch goes through: the ones after those of the epoch before, in their order, and the first ones again
 * after the last. With as many training inputs as can be counted they are drawn without end. Default: all, shuffled
 */
const epochInputs = v.optional(size);

/** A stage of training: the fields in which it differs from the whole experiment. Of `dataset` and `noise` single fields may be given. */
const stageSchema = v.strictObject({
  ...v.partial(v.object(trainingFields)).entries,
  epochInputs,
  dataset: v.optional(someFields),
  noise: v.optional(someFields),
});

export type Stage = v.InferOutput<typeof stageSchema>;

/** An experiment as data: everything that a run needs but its seed, engine and limits. */
export const experimentSchema = v.strictObject({
  name: v.string(),
  description: v.string(),
  /** The recipe by which it is trained. Default: as in the paper */
  recipe: v.optional(v.string()),
  dataset: datasetSchema,
  network: networkField,
  mixture: mixtureField,
  noise,
  ...trainingFields,
  epochInputs,
  /** Trained one after the other, each from the weights of the one before. */
  stages: v.optional(v.pipe(v.array(stageSchema), v.minLength(1))),
});

export type Experiment = v.InferOutput<typeof experimentSchema>;

/** @throws UsageError for fields that do not go together */
function requireConsistent(experiment: Experiment): void {
  const { dataset, steps } = experiment;
  if (isSequence(dataset) && dataset.frames !== steps + 1) {
    throw new UsageError(`dataset.frames is ${dataset.frames} where steps is ${steps}`, [
      'a sequence has a frame more than there are steps, e.g. ',
      setting(`steps=${dataset.frames - 1}`),
      '.',
    ]);
  }
  requireRoom(experiment);
}

/** @throws UsageError for a batch that fits into no memory */
function requireRoom({ dataset: { height, width }, steps, batchSize, components }: Experiment): void {
  const values = steps * batchSize * components * height * width;
  if (values <= MOST_VALUES) return;
  throw new UsageError(
    `steps is ${steps}, batchSize ${batchSize}, components ${components} and an image ${height}×${width}: a batch has ${values} predicted pixels`,
    `lower them to at most ${MOST_VALUES}, e.g. by a smaller batchSize.`,
    { joint: '; ' },
  );
}

/**
 * Checks an experiment.
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 */
export function parseExperiment(value: unknown): Experiment {
  return checked(value);
}

/** @param typed what was typed for a field, by its name with dots */
function checked(value: unknown, typed?: Readonly<Record<string, string>>): Experiment {
  const experiment = parseStrictly(experimentSchema, value, 'the experiment', typed);
  requireConsistent(experiment);
  stageExperiments(experiment);
  return experiment;
}

/** An experiment with what a stage or a recipe has otherwise. */
export function withChanges({ dataset, noise, ...experiment }: Experiment, changes: Stage): unknown {
  return {
    ...experiment,
    ...changes,
    dataset: { ...dataset, ...changes.dataset },
    noise: { ...noise, ...changes.noise },
  };
}

/**
 * The experiment of each stage; none where there are no stages.
 * @throws UsageError for a stage that cannot be trained after the others
 */
export function stageExperiments({ stages = [], ...whole }: Experiment): Experiment[] {
  return stages.map((stage, i) => {
    try {
      const experiment = checked(withChanges({ ...whole, name: `${whole.name}, stage ${i + 1}` }, stage));
      requireSameImage(whole.dataset, experiment.dataset);
      return experiment;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`in stages.${i}, ${error.reason}`, error.remedy);
    }
  });
}

/** @throws UsageError for images of another size: the weights go from stage to stage */
function requireSameImage(whole: Experiment['dataset'], stage: Experiment['dataset']): void {
  const [known, found] = [whole, stage].map(({ height, width }) => `${height}×${width}`);
  if (known === found) return;
  throw new UsageError(`the images are ${found} where the network takes ${known}`, 'leave height and width out.');
}

/** The value of `key=value`: JSON where it is JSON, else text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Fields that only training uses; of the others the whole experiment's are those of its evaluations. */
const TRAINING_ALONE = [
  ...(['learningRate', 'clipNorm', 'gammaGradient'] as const),
  ...(['epochs', 'epochInputs', 'patience', 'validationInputs'] as const),
];

/** The field that a path, e.g. `learningRate.peak`, belongs to, where every stage has its own of it: it changes nothing. */
export function overruledField({ stages = [] }: Experiment, path: string): string | undefined {
  const field = TRAINING_ALONE.find((one) => one === path.split('.')[0]);
  return field && stages.length > 0 && stages.every((stage) => stage[field] !== undefined) ? field : undefined;
}

/**
 * Looks at the settings of one training.
 * @throws UsageError for a setting that would change nothing
 */
export function requireUsed(experiment: Experiment, settings: readonly string[]): void {
  for (const given of settings) {
    const field = overruledField(experiment, given.slice(0, given.indexOf('=')));
    if (!field) continue;
    throw new UsageError(
      [setting(given), ` would change nothing, because every stage has its own ${field}`],
      ['give each stage its own, e.g. ', setting(`stages.0.${given}`), '.'],
    );
  }
}

/**
 * `experiment` with fields replaced.
 * @param settings each `key=value`; fields of fields are written with dots, e.g. `noise.probability=0.2`
 * @throws UsageError for an unknown field, and for a value that it cannot have
 */
export function withSettings(experiment: Experiment, settings: readonly string[]): Experiment {
  const changed = structuredClone(experiment) as Record<string, unknown>;
  const typed: Record<string, string> = {};
  for (const given of settings) {
    const equals = given.indexOf('=');
    if (equals < 1) {
      const remedy = ['write e.g. ', setting('batchSize=32'), '.'];
      throw new UsageError([setting(given), ' is not key=value'], remedy);
    }
    const name = given.slice(0, equals);
    const text = given.slice(equals + 1);
    const [owner, field] = ownerOf(changed, name, given);
    owner[field] = parseValue(text);
    typed[name] = text;
  }
  return checked(changed, typed);
}

/**
 * `experiment` with at most so many epochs, where there are stages in each.
 * @throws UsageError for a number that there cannot be
 */
export function withMostEpochs({ stages, ...whole }: Experiment, most: number): Experiment {
  const capped = stages?.map(({ epochs, ...stage }) => ({
    ...stage,
    ...(epochs !== undefined && { epochs: Math.min(epochs, most) }),
  }));
  const epochs = overruledField({ stages, ...whole }, 'epochs') ? whole.epochs : most;
  return parseExperiment({ ...whole, epochs, ...(capped && { stages: capped }) });
}

/** Fields that an experiment may have; a stage has few of those that it may have, too. */
const OPTIONAL: readonly string[] = ['clipNorm', 'epochInputs', 'stages'];

/**
 * The part of an experiment that has the field `name`, and the field's own name.
 * @throws UsageError where there is none, with the fields that there are
 */
function ownerOf(experiment: Record<string, unknown>, name: string, given: string) {
  const path = name.split('.');
  const field = path.pop() as string;
  const mayBeNew = path.length === 0 ? OPTIONAL.includes(field) : path[0] === 'stages' && path.length === 2;
  let owner: unknown = experiment;
  for (const [i, key] of path.entries()) {
    if (!isField(owner, key)) throw noField(owner, path.slice(0, i), name, given);
    owner = owner[key];
  }
  if (!isField(owner, field) && !(mayBeNew && isObject(owner))) throw noField(owner, path, name, given);
  return [owner, field] as const;
}

/** @param path of `owner`, which lacks the next field of `name` */
function noField(owner: unknown, path: readonly string[], name: string, given: string): UsageError {
  const whose = path.join('.');
  const fields = typeof owner === 'object' && owner !== null ? Object.keys(owner) : [];
  const which = whose ? `the fields of ${whose}` : 'its fields';
  const remedy = fields.length > 0 ? `${which} are ${fields.join(', ')}.` : `${whose} has no fields.`;
  return new UsageError([setting(given), `: the experiment has no field '${name}'`], remedy, { joint: '; ' });
}

function isField(target: unknown, key: string): target is Record<string, unknown> {
  return isObject(target) && Object.hasOwn(target, key);
}

/** The same experiment on the data of an HDF5 file in the layout of the authors' files. */
export function withDataFile(experiment: Experiment, file: string): Experiment {
  const { stages: _, ...rest } = experiment;
  const { height, width } = experiment.dataset;
  return { ...rest, dataset: { type: 'hdf5', file, height, width } };
}

/** What an experiment asks of an engine. */
export function engineSpec(experiment: Experiment): EngineSpec {
  const { steps, lossSteps, interWeight, gammaGradient, network, mixture, components, noise } = experiment;
  return {
    network,
    mixture,
    components,
    noise,
    image: [experiment.dataset.height, experiment.dataset.width],
    objective: {
      interWeight,
      gammaGradient,
      stepWeights: Array.from({ length: steps }, (_, t) => (lossSteps === 'all' || t === steps - 1 ? 1 : 0)),
    },
    optimizer: {
      learningRate: experiment.learningRate,
      ...(experiment.clipNorm !== undefined && { clipNorm: experiment.clipNorm }),
    },
  };
}
