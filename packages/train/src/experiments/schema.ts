import type { EngineSpec, NetworkSpec } from '@nem/core';
import { z } from 'zod';
import { UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { datasetSchema, drawsDigits, isSequence, variations } from './dataset-config.js';
import { refusal } from './remedy.js';

const count = z.int().min(1);
const probability = z.number().min(0).max(1);

/** An experiment as data: everything that a run needs but its seed, engine and limits. */
export const experimentSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  dataset: datasetSchema,
  /** Layers are checked where the network is built. */
  network: z.custom<NetworkSpec>((value) => isObject(value) && 'type' in value),
  mixture: z.strictObject({
    distribution: z.enum(['bernoulli', 'gaussian']),
    sigma: z.number().positive(),
    prior: z.number(),
  }),
  // More fit into no picture.
  components: count.max(255),
  steps: count,
  noise: z.strictObject({ type: z.enum(['none', 'bitFlip', 'maskedUniform']), probability }),
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
function requireConsistent({ dataset, steps, stages }: Experiment): void {
  if (isSequence(dataset) && dataset.frames !== steps + 1) {
    throw new UsageError(
      `dataset.frames is ${dataset.frames} where steps is ${steps}`,
      `a sequence has a frame more than there are steps, e.g. --set steps=${dataset.frames - 1}.`,
    );
  }
  if (stages && !drawsDigits(dataset)) {
    throw new UsageError(
      `stages is given where dataset.type is "${dataset.type}"`,
      'only digits have variations to train in stages.',
    );
  }
}

/**
 * Checks an experiment.
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 */
export function parseExperiment(value: unknown): Experiment {
  const result = experimentSchema.safeParse(value);
  if (!result.success) throw new UsageError(...refusal(result.error.issues[0]!, value));
  requireConsistent(result.data);
  return result.data;
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
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) throw new UsageError(`--set ${setting} is not key=value`, 'write e.g. --set batchSize=32.');
    const path = setting.slice(0, equals).split('.');
    const field = path.pop() as string;
    let target: unknown = changed;
    for (const key of path) target = isField(target, key) ? target[key] : undefined;
    if (!isField(target, field)) {
      throw new UsageError(
        `--set ${setting}: the experiment has no field '${setting.slice(0, equals)}'`,
        `its fields are ${Object.keys(experiment).join(', ')}.`,
        { joint: '; ' },
      );
    }
    target[field] = parseValue(setting.slice(equals + 1));
  }
  return parseExperiment(changed);
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
