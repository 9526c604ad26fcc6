import type { EngineSpec, NetworkSpec } from '@nem/core';
import { type Dataset, staticShapes } from '@nem/datasets';
import { z } from 'zod';
import { UsageError } from '../errors.js';

const count = z.int().min(1);
const probability = z.number().min(0).max(1);
const size = z
  .int()
  .min(0)
  .max(2 ** 32);

/** An experiment as data: everything that a run needs but its seed, engine and limits. */
export const experimentSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  dataset: z.strictObject({
    type: z.literal('static-shapes'),
    objects: count.max(255),
    height: count,
    width: count,
    training: size.min(1),
    validation: size.min(1),
    test: size.min(1),
  }),
  /** Layers are checked where the network is built. */
  network: z.custom<NetworkSpec>((value) => typeof value === 'object' && value !== null && 'type' in value),
  mixture: z.strictObject({
    distribution: z.enum(['bernoulli', 'gaussian']),
    sigma: z.number().positive(),
    prior: z.number(),
  }),
  components: count,
  steps: count,
  noise: z.strictObject({ type: z.enum(['none', 'bitFlip', 'maskedUniform']), probability }),
  interWeight: z.number().min(0),
  /** Which steps' losses are trained on: the last one, or each with weight 1. */
  lossSteps: z.enum(['last', 'all']),
  gammaGradient: z.boolean(),
  learningRate: z.number().positive(),
  batchSize: count,
  /** At most so many epochs. */
  epochs: count,
  /** Training ends once the validation loss has not improved for so many epochs. */
  patience: count,
  /** Validation inputs that early stopping looks at. */
  validationInputs: count,
});

export type Experiment = z.infer<typeof experimentSchema>;

/**
 * Checks an experiment.
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 */
export function parseExperiment(value: unknown): Experiment {
  const result = experimentSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const found = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
  throw new UsageError(`${path.join('.') || 'the experiment'} is ${JSON.stringify(found)}: ${message}.`);
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
    if (equals < 1) throw new UsageError(`--set ${setting} is not key=value: write e.g. --set batchSize=32.`);
    const path = setting.slice(0, equals).split('.');
    const field = path.pop() as string;
    let target: unknown = changed;
    for (const key of path) target = isField(target, key) ? target[key] : undefined;
    if (!isField(target, field)) {
      throw new UsageError(
        `--set ${setting}: the experiment has no field '${setting.slice(0, equals)}'; its fields are ${Object.keys(experiment).join(', ')}.`,
      );
    }
    target[field] = parseValue(setting.slice(equals + 1));
  }
  return parseExperiment(changed);
}

function isField(target: unknown, key: string): target is Record<string, unknown> {
  return typeof target === 'object' && target !== null && Object.hasOwn(target, key);
}

/** The dataset of an experiment. */
export function createDataset({ dataset }: Experiment, seed: number): Dataset {
  const { objects, height, width, training, validation, test } = dataset;
  return staticShapes({ seed, objects, height, width, sizes: { training, validation, test } });
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
