import { CodedError } from '../coded-error.js';
import type { EmStepSpec } from '../forward/em-step.js';
import { mixtureFault } from '../mixture/distributions.js';
import { networkFault } from '../network/network.js';
import { type NoiseSpec, noiseTypes } from '../noise.js';
import {
  alternatives,
  type Check,
  count,
  counts,
  faultSentence,
  finite,
  flag,
  kind,
  object,
  optional,
  probability,
  type SpecFault,
} from '../spec-check.js';
import { JsonError, type JsonObject, parseBoundedJson } from '../verify/bounded-json.js';

/** Everything that using a trained network needs beside its parameters. */
export interface ModelDescription extends EmStepSpec {
  /** K that it was trained with; the parameters fit any. */
  readonly components: number;
  /** Steps that it was trained with. */
  readonly steps: number;
  /** Whether it was trained on still images, where every step sees the same one; else on sequences of frames. */
  readonly still: boolean;
  /** Noise on the input while it was trained. */
  readonly noise: NoiseSpec;
}

/** What a file says of a trained network. */
export interface ModelMetadata {
  readonly model: ModelDescription;
  /** How it was trained, as the trainer wrote it: experiment, engine, seed, epoch, scores … Absent where nothing is said. */
  readonly training?: JsonObject;
}

/** Metadata that describe no trained network; the message is one sentence with the field, its value and the remedy. */
export class ModelMetadataError extends CodedError {
  static override readonly code = 'NEM_MODEL_METADATA';
  override readonly name = 'ModelMetadataError';
}

/** Names of the metadata of a safetensors file. */
const MODEL = 'model';
const TRAINING = 'training';

/** The largest experiments have some two hundred values. */
const BOUNDS = { characters: 2 ** 18, values: 4096, packNumbers: false };

/** A check of a part that is told from the whole's root. */
const part =
  (fault: (value: unknown) => SpecFault | undefined): Check =>
  (value, path = []) => {
    const found = fault(value);
    return found && { ...found, path: [...path, ...found.path] };
  };

const described: Check = object({
  network: part(networkFault),
  mixture: part(mixtureFault),
  image: (value, path = []) =>
    counts(value, path) ??
    ((value as unknown[]).length === 2 ? undefined : { path, value, remedy: 'give [height, width] in pixels.' }),
  initialPrediction: optional(finite),
  components: count,
  steps: count,
  still: flag,
  noise: object({
    type: kind(`use ${alternatives(noiseTypes)}.`, (value) => noiseTypes.some((known) => known === value)),
    probability: optional(probability),
  }),
});

function parse(name: string, text: string): unknown {
  try {
    return parseBoundedJson(text, BOUNDS);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new ModelMetadataError(`the metadata entry ${name} is no JSON: ${error.message}.`);
  }
}

/**
 * A trained network as metadata of the safetensors file with its parameters: `model` and `training`, each a JSON text.
 * @throws ModelMetadataError for a description that {@link readModelMetadata} would refuse
 */
export function modelMetadata(
  model: ModelDescription,
  training?: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const fault = described(model);
  if (fault) throw new ModelMetadataError(faultSentence(fault, 'the model'));
  return { [MODEL]: JSON.stringify(model), ...(training ? { [TRAINING]: JSON.stringify(training) } : {}) };
}

/**
 * What the metadata of a safetensors file say of the network; undefined where they describe none, as in files of older versions.
 * @throws ModelMetadataError for a description that is damaged
 */
export function readModelMetadata(metadata: Readonly<Record<string, string>>): ModelMetadata | undefined {
  const text = metadata[MODEL];
  if (text === undefined) return undefined;
  const model = parse(MODEL, text);
  const fault = described(model);
  if (fault) throw new ModelMetadataError(faultSentence(fault, 'the model'));
  const how = metadata[TRAINING];
  const training = how === undefined ? undefined : parse(TRAINING, how);
  return { model: model as ModelDescription, training: training as JsonObject | undefined };
}
