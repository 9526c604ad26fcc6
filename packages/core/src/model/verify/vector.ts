import { CodedError } from '../coded-error.js';
import type { EngineSpec } from '../engine/engine.js';
import { requireEngineSpec } from '../engine/require-spec.js';
import type { LayerSpec } from '../network/layer-types.js';
import { type NetworkSpec, networkShape } from '../network/network.js';
import { requireParameters } from '../network/parameters.js';
import type { GammaGradient } from '../objective.js';
import { shown, shownOrMissing } from '../shown.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { JsonError, parseBoundedJson } from './bounded-json.js';

/** A golden vector: a network, its inputs and what an independent implementation computed from them. */
export interface GoldenVector {
  /** Default 'unnamed'. */
  readonly name: string;
  /** Without noise: the vector has the noisy frames. T is the number of its step weights. */
  readonly spec: EngineSpec;
  /** Number of sequences. */
  readonly batch: number;
  /** The network's parameters before the first update, by name. */
  readonly parameters: NamedArrays;
  /** The loss's gradients by parameter; absent where the vector has updates instead. */
  readonly gradients?: NamedArrays;
  /** x, [T + 1, batch, pixels]. */
  readonly clean: Float32Array;
  /** x̃, [T + 1, batch, pixels]; the last frame is not used. */
  readonly corrupted: Float32Array;
  /** γ before the first step, [batch, components, pixels]. */
  readonly gamma0: Float32Array;
  /**
   * Quantities of the unrolling by name, at least one where there is no training: `loss`, [1]; `intra`, `inter`, `total` and
   * `upper`, [T]; `pred` (ψ) and `gamma`, [T, batch, components, pixels]; `hidden`, [T, batch · components, M].
   */
  readonly expected: Readonly<Record<string, Float64Array>>;
  /** Adam's updates, all with the same frames, noise and γ. */
  readonly training?: {
    readonly updates: number;
    /** Before each update, [updates]. */
    readonly losses: Float64Array;
    /** After the last update, by name, in row-major order. */
    readonly parameters: Readonly<Record<string, Float64Array>>;
  };
}

/** A golden vector that cannot be read; the message names the field. */
export class VectorError extends CodedError {
  static override readonly code = 'NEM_VECTOR';
  override readonly name = 'VectorError';
}

type Json = Readonly<Record<string, unknown>>;

/** A list, or one of numbers that is packed already. */
const isList = (value: unknown) => Array.isArray(value) || value instanceof Float64Array;

function record(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw new VectorError(`${field} is not an object: give a file in the format of the golden vectors.`);
  }
  return value as Json;
}

function list(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new VectorError(`${field} is not a list: give a file in the format of the golden vectors.`);
  }
  return value;
}

function number(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new VectorError(`${field} is ${shownOrMissing(value)}: give a finite number.`);
  }
  return value;
}

/** Number of elements that are not lists, of a list of lists. */
function countElements(value: unknown): number {
  if (value instanceof Float64Array) return value.length;
  return Array.isArray(value) ? value.reduce((sum: number, item) => sum + countElements(item), 0) : 1;
}

function fill(value: unknown, out: Float64Array, at: number, field: string): number {
  if (value instanceof Float64Array) {
    out.set(value, at);
    return at + value.length;
  }
  if (Array.isArray(value)) return value.reduce((next: number, item) => fill(item, out, next, field), at);
  out[at] = number(value, `${field}[${at}]`);
  return at + 1;
}

/** An integer of at least 1. */
function size(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new VectorError(`${field} is ${shownOrMissing(value)}: give an integer of at least 1.`);
  }
  return value as number;
}

function numbers(value: unknown, field: string, length?: number): Float64Array {
  const count = countElements(value instanceof Float64Array ? value : list(value, field));
  if (length !== undefined && count !== length) {
    throw new VectorError(`${field} has ${count} numbers: give ${length}.`);
  }
  if (value instanceof Float64Array) {
    const index = value.findIndex((item) => !Number.isFinite(item));
    if (index >= 0) number(value[index], `${field}[${index}]`);
    return value;
  }
  const out = new Float64Array(count);
  fill(value, out, 0, field);
  return out;
}

function floats(value: unknown, field: string, length: number): Float32Array {
  return Float32Array.from(numbers(value, field, length));
}

// What is not checked here, requireValid checks.

function layers(value: unknown, field: string): LayerSpec[] {
  return list(value, field).map((item, i) => {
    const { ln, ...layer } = record(item, `${field}[${i}]`);
    const plain = Object.entries(layer).map(([key, part]) => [key, part instanceof Float64Array ? [...part] : part]);
    return { ...Object.fromEntries(plain), ...(ln === undefined ? {} : { layerNorm: ln }) } as unknown as LayerSpec;
  });
}

function network(json: Json): NetworkSpec {
  const recurrent = record(json.recurrent, 'network.recurrent');
  const hidden = size(recurrent.size, 'network.recurrent.size');
  if (json.nem === true) return { type: 'n-em', size: hidden };
  return {
    type: 'rnn-em',
    input: layers(json.input, 'network.input'),
    recurrent: {
      size: hidden,
      activation: recurrent.activation as 'sigmoid',
      layerNorm: (recurrent.ln ?? false) as boolean,
    },
    output: layers(json.output, 'network.output'),
  };
}

function arrays(json: Json, values: 'values' | 'gradient'): NamedArrays {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const parameter = record(value, `parameters.${name}`);
      const shape = Array.from(numbers(parameter.shape, `parameters.${name}.shape`));
      const length = shape.reduce((product, part) => product * part, 1);
      return [name, { shape, values: floats(parameter[values], `parameters.${name}.${values}`, length) }];
    }),
  );
}

const QUANTITIES = ['hidden', 'pred', 'gamma', 'intra', 'inter', 'total', 'upper'] as const;

/** What is expected beside the quantities of the unrolling. */
const OTHERS = ['steps', 'loss', 'losses', 'parameters'];

/** A misspelt quantity would be compared with nothing. */
function requireKnown(json: Json, field: string, known: readonly string[]): Json {
  const unknown = Object.keys(json).find((name) => !known.includes(name));
  if (unknown === undefined) return json;
  throw new VectorError(`${field} has the unknown quantity ${shown(unknown)}: the known ones are ${known.join(', ')}.`);
}

const steps = (expected: Json): Json[] | undefined =>
  expected.steps === undefined
    ? undefined
    : list(expected.steps, 'expected.steps').map((step, i) =>
        requireKnown(record(step, `expected.steps[${i}]`), `expected.steps[${i}]`, QUANTITIES),
      );

/** The quantities, whether given as arrays over the steps or as a list of steps. */
function quantities(json: Json): Record<string, Float64Array> {
  const expected = requireKnown(record(json.expected, 'expected'), 'expected', [...QUANTITIES, ...OTHERS]);
  const perStep = steps(expected);
  const found: Record<string, Float64Array> = {};
  for (const name of QUANTITIES) {
    const value = perStep ? perStep.map((step) => step[name]) : expected[name];
    if (value === undefined || (Array.isArray(value) && value.every((item) => item === undefined))) continue;
    found[name] = numbers(typeof value === 'number' ? [value] : value, `expected.${name}`);
  }
  if (expected.loss !== undefined) found.loss = Float64Array.of(number(expected.loss, 'expected.loss'));
  if (json.training === undefined && Object.keys(found).length === 0) {
    throw new VectorError(`expected has no quantity: give at least one of loss, ${QUANTITIES.join(', ')}.`);
  }
  return found;
}

function training(json: Json): GoldenVector['training'] {
  if (json.training === undefined) return undefined;
  const expected = record(json.expected, 'expected');
  const parameters = record(expected.parameters, 'expected.parameters');
  const updates = size(record(json.training, 'training').updates, 'training.updates');
  return {
    updates,
    losses: numbers(expected.losses, 'expected.losses', updates),
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        numbers(isList(value) ? value : record(value, name).values, `expected.parameters.${name}`),
      ]),
    ),
  };
}

function engineSpec(json: Json): EngineSpec {
  const image = numbers(json.image, 'image', 2);
  const optimizer = json.training === undefined ? {} : record(json.training, 'training');
  return {
    network: network(record(json.network, 'network')),
    mixture: {
      distribution: json.distribution as 'bernoulli',
      sigma: number(json.eSigma ?? 0.25, 'eSigma'),
      prior: number(json.pixelPrior ?? 0, 'pixelPrior'),
    },
    objective: {
      interWeight: number(json.interWeight, 'interWeight'),
      stepWeights: Array.from(numbers(json.stepWeights, 'stepWeights', size(json.steps, 'steps'))),
      gammaGradient: json.gammaGradient as GammaGradient,
    },
    image: [size(image[0], 'image[0]'), size(image[1], 'image[1]')],
    components: size(json.components, 'components'),
    noise: { type: 'none' },
    optimizer:
      optimizer.learningRate === undefined
        ? {}
        : { learningRate: number(optimizer.learningRate, 'training.learningRate') },
    initialPrediction: number(json.predInit ?? 0, 'predInit'),
  };
}

/**
 * Reads a golden vector from parsed JSON.
 * @throws VectorError that names the first field that is missing or wrong
 */
export function parseVector(value: unknown): GoldenVector {
  const json = record(value, 'the vector');
  const spec = engineSpec(json);
  const inputs = record(json.inputs, 'inputs');
  const batch = size(json.batch, 'batch');
  const pixels = spec.image[0] * spec.image[1];
  const frames = (spec.objective.stepWeights.length + 1) * batch * pixels;
  const parameters = record(json.parameters, 'parameters');
  const hasGradients = Object.values(parameters).some(
    (parameter) => record(parameter, 'parameter').gradient !== undefined,
  );
  const vector: GoldenVector = {
    name: typeof json.name === 'string' ? json.name : 'unnamed',
    spec,
    batch,
    parameters: arrays(parameters, 'values'),
    gradients: hasGradients ? arrays(parameters, 'gradient') : undefined,
    clean: floats(inputs.clean, 'inputs.clean', frames),
    corrupted: floats(inputs.corrupted, 'inputs.corrupted', frames),
    gamma0: floats(inputs.gamma0, 'inputs.gamma0', batch * spec.components * pixels),
    expected: quantities(json),
    training: training(json),
  };
  requireValid(vector);
  return vector;
}

/**
 * Checks that an engine takes the specification, and that the network can be built and has the vector's parameters: a network of
 * other sizes would take any memory.
 */
function requireValid({ spec, parameters }: GoldenVector): void {
  try {
    requireEngineSpec(spec);
    requireParameters(networkShape(spec.network, spec.image[0] * spec.image[1]).parameters, parameters);
  } catch (error) {
    throw new VectorError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Reads the bytes of a golden vector's file, which may come from anyone: it takes less than ten times its size.
 * @throws VectorError that names the first field that is missing or wrong
 */
export function decodeVector(bytes: Uint8Array): GoldenVector {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new VectorError('it is not UTF-8 text: give a file in the format of the golden vectors.');
  }
  try {
    return parseVector(parseBoundedJson(text));
  } catch (error) {
    if (error instanceof JsonError)
      throw new VectorError(`it cannot be read as JSON because ${error.message}: give another file.`);
    throw error;
  }
}
