import type { EngineSpec } from '../engine/engine.js';
import type { LayerSpec, NetworkSpec } from '../network/spec.js';
import type { NamedArrays } from '../weights/safetensors.js';

/** A golden vector: a network, its inputs and what an independent implementation computed from them. */
export interface GoldenVector {
  readonly name: string;
  readonly spec: EngineSpec;
  readonly batch: number;
  readonly parameters: NamedArrays;
  /** By parameter; absent where the vector has updates instead. */
  readonly gradients?: NamedArrays;
  readonly clean: Float32Array;
  readonly corrupted: Float32Array;
  readonly gamma0: Float32Array;
  /** Quantities of the unrolling by name, e.g. `hidden`, each over all steps. */
  readonly expected: Readonly<Record<string, Float64Array>>;
  readonly training?: {
    readonly updates: number;
    readonly losses: Float64Array;
    readonly parameters: Readonly<Record<string, Float64Array>>;
  };
}

/** A golden vector that cannot be read; the message names the field. */
export class VectorError extends Error {
  override readonly name = 'VectorError';
}

type Json = Readonly<Record<string, unknown>>;

function record(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
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
    throw new VectorError(`${field} is ${JSON.stringify(value)}: give a finite number.`);
  }
  return value;
}

function numbers(value: unknown, field: string, length?: number): Float64Array {
  const flat = (list(value, field) as readonly unknown[]).flat(Number.POSITIVE_INFINITY);
  if (length !== undefined && flat.length !== length) {
    throw new VectorError(`${field} has ${flat.length} numbers: give ${length}.`);
  }
  return Float64Array.from(flat, (item, i) => number(item, `${field}[${i}]`));
}

function layers(value: unknown, field: string): LayerSpec[] {
  return list(value, field).map((item, i) => {
    const { ln, ...layer } = record(item, `${field}[${i}]`);
    // Types and sizes are checked where the network is built.
    return { ...layer, layerNorm: ln === true } as unknown as LayerSpec;
  });
}

function network(json: Json): NetworkSpec {
  const recurrent = record(json.recurrent, 'network.recurrent');
  const size = number(recurrent.size, 'network.recurrent.size');
  if (json.nem === true) return { type: 'n-em', size };
  return {
    type: 'rnn-em',
    input: layers(json.input, 'network.input'),
    recurrent: { size, activation: recurrent.activation as 'sigmoid', layerNorm: recurrent.ln === true },
    output: layers(json.output, 'network.output'),
  };
}

function arrays(json: Json, values: 'values' | 'gradient'): NamedArrays {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const parameter = record(value, `parameters.${name}`);
      const shape = Array.from(numbers(parameter.shape, `parameters.${name}.shape`));
      const length = shape.reduce((product, size) => product * size, 1);
      const flat = numbers(parameter[values], `parameters.${name}.${values}`, length);
      return [name, { shape, values: Float32Array.from(flat) }];
    }),
  );
}

const QUANTITIES = ['hidden', 'pred', 'gamma', 'intra', 'inter', 'total', 'upper'] as const;

function steps(expected: Json): unknown[] | undefined {
  return Array.isArray(expected.steps) ? expected.steps : undefined;
}

/** The quantities, whether given as arrays over the steps or as a list of steps. */
function quantities(expected: Json): Record<string, Float64Array> {
  const perStep = steps(expected);
  const found: Record<string, Float64Array> = {};
  for (const name of QUANTITIES) {
    const value = perStep ? perStep.map((step) => record(step, 'expected.steps')[name]) : expected[name];
    if (value === undefined || (Array.isArray(value) && value.every((item) => item === undefined))) continue;
    found[name] = numbers(Array.isArray(value) ? value : [value], `expected.${name}`);
  }
  if (expected.loss !== undefined) found.loss = Float64Array.of(number(expected.loss, 'expected.loss'));
  return found;
}

function training(json: Json): GoldenVector['training'] {
  if (json.training === undefined) return undefined;
  const expected = record(json.expected, 'expected');
  const parameters = record(expected.parameters, 'expected.parameters');
  return {
    updates: number(record(json.training, 'training').updates, 'training.updates'),
    losses: numbers(expected.losses, 'expected.losses'),
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        numbers(Array.isArray(value) ? value : record(value, name).values, `expected.parameters.${name}`),
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
      stepWeights: Array.from(numbers(json.stepWeights, 'stepWeights', number(json.steps, 'steps'))),
      gammaGradient: json.gammaGradient === true,
    },
    image: [image[0], image[1]],
    components: number(json.components, 'components'),
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
  const batch = number(json.batch, 'batch');
  const pixels = spec.image[0] * spec.image[1];
  const frames = (spec.objective.stepWeights.length + 1) * batch * pixels;
  const parameters = record(json.parameters, 'parameters');
  const hasGradients = Object.values(parameters).every(
    (parameter) => record(parameter, 'parameter').gradient !== undefined,
  );
  return {
    name: typeof json.name === 'string' ? json.name : 'unnamed',
    spec,
    batch,
    parameters: arrays(parameters, 'values'),
    gradients: hasGradients ? arrays(parameters, 'gradient') : undefined,
    clean: Float32Array.from(numbers(inputs.clean, 'inputs.clean', frames)),
    corrupted: Float32Array.from(numbers(inputs.corrupted, 'inputs.corrupted', frames)),
    gamma0: Float32Array.from(numbers(inputs.gamma0, 'inputs.gamma0', batch * spec.components * pixels)),
    expected: quantities(record(json.expected, 'expected')),
    training: training(json),
  };
}
