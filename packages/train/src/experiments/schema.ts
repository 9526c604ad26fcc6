import { type EngineSpec, noiseTypes } from '@nem/core';
import { z } from 'zod';
import { setting, UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { mixtureField, networkField } from './core-fields.js';
import { datasetSchema, drawsDigits, isSequence, variations } from './dataset-config.js';
import { parseStrictly } from './remedy.js';

const count = z.int().min(1);
/** A sequence has a frame more; @nem/datasets draws none of more than 65,536. */
const MOST_STEPS = 65_535;

/** Values of ψ in a batch: 8 GiB, of which training needs several times as much. */
const MOST_VALUES = 2 ** 31;

const probability = z.number().min(0).max(1);

/** An experiment as data: everything that a run needs but its seed, engine and limits. */
export const experimentSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  dataset: datasetSchema,
  network: networkField,
  mixture: mixtureField,
  // More fit into no picture.
  components: count.max(255),
  steps: count.max(MOST_STEPS),
  noise: z.strictObject({ type: z.enum(noiseTypes), probability }),
  interWeight: z.number().min(0),
  /** Which steps' losses are trained on: the last one, or each with weight 1. */
  lossSteps: z.enum(['last', 'all']),
  gammaGradient: z.boolean(),
  learningRate: z.number().positive(),
  batchSize: count,
  /** At most so many epochs; of each stage where there are stages. */
  epochs: count,
  /** Training ends once the validation loss has not improved for so many epochs. */
  patience: count,
  /** Validation inputs that early stopping looks at. */
  validationInputs: count,
  /** Trained one after the other, each from the weights of the one before. */
  stages: z
    .array(z.strictObject({ variations, learningRate: z.number().positive() }))
    .min(1)
    .optional(),
});

export type Experiment = z.infer<typeof experimentSchema>;

/** @throws UsageError for fields that do not go together */
function requireConsistent(experiment: Experiment): void {
  const { dataset, steps, stages } = experiment;
  if (isSequence(dataset) && dataset.frames !== steps + 1) {
    throw new UsageError(`dataset.frames is ${dataset.frames} where steps is ${steps}`, [
      'a sequence has a frame more than there are steps, e.g. ',
      setting(`steps=${dataset.frames - 1}`),
      '.',
    ]);
  }
  if (stages && !drawsDigits(dataset)) {
    throw new UsageError(
      `stages is given where dataset.type is "${dataset.type}"`,
      'only digits have variations to train in stages.',
    );
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
  return experiment;
}

/** The value of `key=value`: JSON where it is JSON, else text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * `experiment` with fields replaced.
 * @param settings each `key=value`; fields of fields are written with dots, e.g. `noise.probability=0.2`
 * @throws UsageError for an unknown field or a value that it cannot have
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
 * The part of an experiment that has the field `name`, and the field's own name.
 * @throws UsageError where there is none, with the fields that there are
 */
function ownerOf(experiment: Record<string, unknown>, name: string, given: string) {
  const path = name.split('.');
  const field = path.pop() as string;
  let owner: unknown = experiment;
  for (const [i, key] of path.entries()) {
    if (!isField(owner, key)) throw noField(owner, path.slice(0, i), name, given);
    owner = owner[key];
  }
  if (!isField(owner, field)) throw noField(owner, path, name, given);
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
    optimizer: { learningRate: experiment.learningRate },
  };
}
