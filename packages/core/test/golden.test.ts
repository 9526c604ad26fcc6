import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deriveKey } from '@nem/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeVector, verify } from '../src/index.js';
import { createTensorFlowEngine } from '../src/tensorflow/index.js';

const python = process.env.PYTHON || 'python3';
// A core type chosen for another program may name instructions that Python's BLAS lacks.
const { OPENBLAS_CORETYPE: _, ...env } = process.env;
const hasNumPy = spawnSync(python, ['-c', 'import numpy'], { env }).status === 0;

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const folder = path('../vectors');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Runs the generator of the golden vectors. */
function generator(...parts: string[]) {
  const { status, stdout, stderr } = spawnSync(python, [path('../golden/vectors.py'), ...parts], {
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, stderr };
}

type Vector = {
  parameters: Record<string, { values: number[]; gradient: number[] }>;
  inputs: Record<string, number[]>;
  expected: { loss: number; intra: number[]; pred: number[][]; losses: number[]; parameters: Record<string, number[]> };
};
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector;

const settings = { image: [5, 7], steps: 3, batch: 2, stepWeights: [0.5, 0, 1], interWeight: 0.3 };
const bernoulli = { ...settings, distribution: 'bernoulli', components: 2, pixelPrior: 0.1 };
const gaussian = { ...settings, distribution: 'gaussian', components: 3, eSigma: 0.5, pixelPrior: 0.2, predInit: 0.1 };
const recurrent = { size: 4, activation: 'tanh', ln: true };
const convolutional = {
  input: [
    { type: 'inputNorm' },
    { type: 'reshape', shape: [5, 7, 1] },
    { type: 'conv', size: 3, kernel: 3, activation: 'tanh' },
    { type: 'conv', size: 2, kernel: 5, stride: 3, activation: 'elu', ln: true },
    { type: 'flatten' },
  ],
  recurrent,
  output: [
    { type: 'dense', size: 12, activation: 'relu', ln: true },
    { type: 'reshape', shape: [2, 2, 3] },
    { type: 'resizeConv', size: 2, kernel: 2, scale: 3, activation: 'sigmoid', ln: true },
    { type: 'flatten' },
    { type: 'dense', size: 35, activation: 'linear' },
  ],
};
const dense = { input: [], recurrent, output: [{ type: 'dense', size: 35, activation: 'sigmoid', ln: true }] };

/** Settings and networks that no shipped vector has. */
const specifications = [
  { ...gaussian, name: 'gaussian, γ with a gradient', gammaGradient: true, network: convolutional },
  { ...gaussian, name: 'gaussian, γ constant', gammaGradient: false, network: convolutional },
  { ...bernoulli, name: 'bernoulli, γ with a gradient', gammaGradient: true, network: dense },
  { ...bernoulli, name: 'bernoulli, γ with a gradient in the losses', gammaGradient: 'loss', network: dense },
  { ...gaussian, name: 'gaussian, γ with a gradient in the mask', gammaGradient: 'mask', network: convolutional },
  { ...bernoulli, name: 'N-EM, γ constant', gammaGradient: false, network: { nem: true, recurrent: { size: 4 } } },
  {
    ...bernoulli,
    name: 'updates',
    gammaGradient: false,
    network: dense,
    training: { learningRate: 0.01, updates: 3 },
  },
];

describe.skipIf(!hasNumPy)('the generator of golden vectors (needs python3 with numpy)', () => {
  let temporary: string;
  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'nem-golden-'));
    expect(await tf.setBackend('cpu')).toBe(true);
  });
  afterAll(() => rmSync(temporary, { recursive: true }));

  function saved(content: unknown): string {
    const file = join(temporary, 'vector.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  it.each(files)('computes the numbers of %s again', (file) => {
    const { status, stdout } = generator('check', join(folder, file));
    expect(stdout).toMatch(/(\d+) of \1 quantities hold\.\n$/);
    expect(status).toBe(0);
  });

  it.each<[string, string, (vector: Vector) => void]>([
    [
      'gradient of output.0.bias',
      'rnnem-static-shapes.json',
      ({ parameters }) => (parameters['output.0.bias']!.gradient[3]! *= 1.00001),
    ],
    ['pred', 'rnnem-static-shapes.json', ({ expected }) => (expected.pred[1]![5]! += 1e-6)],
    ['intra', 'rnnem-static-shapes.json', ({ expected }) => (expected.intra[2]! += 1e-9)],
    ['loss', 'nem-static-shapes.json', ({ expected }) => (expected.loss += 1e-9)],
    ['losses', 'adam-updates.json', ({ expected }) => (expected.losses[4]! += 1e-8)],
    [
      'recurrent.bias after the updates',
      'adam-updates.json',
      ({ expected }) => (expected.parameters['recurrent.bias']![0]! += 1e-7),
    ],
  ])('finds one changed number of %s', (quantity, file, change) => {
    const vector = read(file);
    change(vector);
    const { status, stdout } = generator('check', saved(vector));
    expect(status).toBe(1);
    expect(stdout.match(/: [^:]* differs: /g)).toEqual([`: ${quantity} differs: `]);
  });

  it('finds a changed parameter and a changed input', () => {
    const parameter = read('rnnem-flying-shapes.json');
    parameter.parameters['recurrent.weights']!.values[8]! += 1e-5;
    expect(generator('check', saved(parameter)).status).toBe(1);
    const input = read('rnnem-flying-shapes.json');
    input.inputs.clean![700] = 1 - input.inputs.clean![700]!;
    expect(generator('check', saved(input)).status).toBe(1);
  });

  it('finds a quantity that is missing', () => {
    const vector = read('rnnem-static-shapes.json');
    Reflect.deleteProperty(vector.expected, 'pred');
    const { status, stdout } = generator('check', saved(vector));
    expect(status).toBe(1);
    expect(stdout).toContain('pred differs');
  });

  it('makes a shipped vector from its own parameters and inputs', () => {
    const { expected, ...specification } = read('rnnem-flying-mnist.json');
    for (const parameter of Object.values(specification.parameters)) Reflect.deleteProperty(parameter, 'gradient');
    const made = JSON.parse(generator('make', saved(specification)).stdout) as Vector;
    const shipped = read('rnnem-flying-mnist.json');
    expect(made.inputs).toEqual(shipped.inputs);
    expect(Object.keys(made.parameters)).toEqual(Object.keys(shipped.parameters));
    expect(Object.keys(made.expected)).toEqual(Object.keys(expected));
    for (const [name, { values, gradient }] of Object.entries(made.parameters)) {
      expect(values).toEqual(shipped.parameters[name]!.values);
      for (const [i, value] of gradient.entries()) {
        expect(value).toBeCloseTo(shipped.parameters[name]!.gradient[i]!, 6);
      }
    }
  });

  it.each(specifications)(
    'makes a vector from a specification, on which engine and check agree: $name',
    async (spec) => {
      const { status, stdout, stderr } = generator('make', saved(spec), '7');
      expect([status, stderr]).toEqual([0, '']);
      expect(generator('make', saved(spec), '7').stdout).toBe(stdout);
      expect(generator('make', saved(spec), '8').stdout).not.toBe(stdout);
      expect(generator('check', saved(stdout)).status).toBe(0);
      const vector = decodeVector(new TextEncoder().encode(stdout));
      const rows = await verify(async (spec) => createTensorFlowEngine(spec, deriveKey(0, 'parameters')), vector);
      expect(rows.length).toBeGreaterThan(5);
      expect(rows.filter((row) => !row.holds)).toEqual([]);
    },
  );

  it.each<[string, unknown]>([
    ["the layer type 'pool' is unknown", { ...specifications[0], network: { ...dense, input: [{ type: 'pool' }] } }],
    ["the field 'network' is missing", bernoulli],
    ['gammaGradient is "losses": give true, false', { ...specifications[0], gammaGradient: 'losses' }],
    ['stepWeights has 3 numbers: give 4.', { ...specifications[0], steps: 4 }],
    ['vector.json cannot be read', '{'],
    ['loss is not finite', { ...specifications[0], interWeight: 1e308 }],
  ])('says %s', (message, content) => {
    const { status, stdout, stderr } = generator('make', saved(content));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
