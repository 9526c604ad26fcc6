import { CodedError } from '../coded-error.js';
import type { EmStepSpec } from '../forward/em-step.js';
import { mixtureFault } from '../mixture/distributions.js';
import { networkFault } from '../network/network.js';
import { type NoiseSpec, noise } from '../noise.js';
import {
  anObject,
  type Check,
  count,
  faultSentence,
  finite,
  flag,
  imageSize,
  object,
  optional,
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

/** A check of a part, whose faults are named from the root of the whole. */
const part =
  (fault: (value: unknown) => SpecFault | undefined): Check =>
  (value, path = []) => {
    const found = fault(value);
    return found && { ...found, path: [...path, ...found.path] };
  };

const described: Check = object({
  network: part(networkFault),
  mixture: part(mixtureFault),
  image: imageSize,
  initialPrediction: optional(finite),
  components: count,
  steps: count,
  still: flag,
  noise,
});

function requireValid(model: unknown, training: unknown): void {
  const fault = described(model) ?? optional(anObject)(training, [TRAINING]);
  if (fault) throw new ModelMetadataError(faultSentence(fault, 'the model'));
}

function parse(name: string, text: string): unknown {
  try {
    return parseBoundedJson(text, BOUNDS);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new ModelMetadataError(
      `the metadata entry ${name} cannot be read as JSON because ${error.message}: write it again.`,
    );
  }
}

/** The JSON text of an entry that {@link parse} reads. */
function format(name: string, value: unknown): string {
  try {
    const text = JSON.stringify(value);
    parseBoundedJson(text, BOUNDS);
    return text;
  } catch (error) {
    const reason =
      error instanceof JsonError ? error.message : 'it has a value that JSON does not have, such as a bigint';
    throw new ModelMetadataError(
      `the metadata entry ${name} cannot be written because ${reason}: give less, or other values.`,
    );
  }
}

/**
 * A trained network as metadata of the safetensors file with its parameters: `model` and `training`, each a JSON text.
 * @param training how it was trained: values of JSON
 * @throws ModelMetadataError for a description or a training that {@link readModelMetadata} would refuse: one that is not an
 *   object, is not JSON, or has more than 4096 values or 262,144 characters
 */
export function modelMetadata(
  model: ModelDescription,
  training?: Readonly<Record<string, unknown>>,
): Record<string, string> {
  requireValid(model, training);
  return { [MODEL]: format(MODEL, model), ...(training ? { [TRAINING]: format(TRAINING, training) } : {}) };
}

/**
 * What the metadata of a safetensors file say of the network; undefined where they describe none, as in files of older versions.
 * @throws ModelMetadataError for a description that is damaged
 */
export function readModelMetadata(metadata: Readonly<Record<string, string>>): ModelMetadata | undefined {
  const text = metadata[MODEL];
  if (text === undefined) return undefined;
  const model = parse(MODEL, text);
  const how = metadata[TRAINING];
  const training = how === undefined ? undefined : parse(TRAINING, how);
  requireValid(model, training);
  return { model: model as ModelDescription, training: training as JsonObject | undefined };
}
