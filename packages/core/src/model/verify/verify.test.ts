import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTensorFlowEngine } from '../../tensorflow/engine.js';
import { parseVector, VectorError } from './vector.js';
import { verify } from './verify.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../vectors');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const createEngine = async (spec: Parameters<typeof createTensorFlowEngine>[0]) =>
  createTensorFlowEngine(spec, deriveKey(0, 'parameters'));

it('has eight golden vectors', () => expect(files).toHaveLength(8));

describe.each([
  'cpu',
  // The same kernels under a name of which the engine does not know that its gradients of convolutions are right.
  'unknown',
])('on the backend %s', (backend) => {
  beforeAll(async () => {
    const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
    if (backend !== 'cpu') {
      tf.registerBackend(backend, () => new MathBackendCPU());
      tf.copyRegisteredKernels('cpu', backend);
    }
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it.each(files)('%s holds', async (file) => {
    const rows = await verify(createEngine, parseVector(read(file)));
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await verify(createEngine, parseVector(read('adam-updates.json')));
    await verify(createEngine, parseVector(read('rnnem-static-shapes.json')));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a changed vector', () => {
  it('does not hold', async () => {
    const json = read('rnnem-static-shapes.json');
    json.parameters['output.0.bias'].gradient[3] += 1;
    const rows = await verify(createEngine, parseVector(json));
    expect(rows.filter((row) => !row.holds).map((row) => row.quantity)).toEqual(['gradient of output.0.bias']);
  });

  it.each([
    [
      'inputs.clean',
      (json: { inputs: { clean: unknown } }) => {
        json.inputs.clean = [1];
      },
    ],
    [
      'stepWeights',
      (json: { stepWeights: unknown }) => {
        json.stepWeights = 3;
      },
    ],
    [
      'image',
      (json: { image: unknown }) => {
        json.image = ['a', 2];
      },
    ],
  ])('without a right %s is refused by that name', (field, damage) => {
    const json = read('rnnem-static-shapes.json');
    damage(json);
    expect(() => parseVector(json)).toThrow(VectorError);
    expect(() => parseVector(json)).toThrow(field);
  });
});
