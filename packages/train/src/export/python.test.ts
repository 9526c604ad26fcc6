import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createEmStep,
  type EngineSpec,
  encodeSafetensors,
  type GoldenVector,
  initializeParameters,
  isBinary,
  modelMetadata,
  networkShape,
  parseVector,
} from '@nem/core';
import { deriveKey, fillUniform } from '@nem/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxStep } from './onnx/onnx-step.js';

// What is exported here is run by programs that share nothing with this repository: onnxruntime, and the example in PyTorch.

const folder = mkdtempSync(join(tmpdir(), 'nem-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const examples = at('examples/python');

type Unrolled = Pick<GoldenVector, 'name' | 'spec' | 'parameters' | 'batch' | 'clean' | 'corrupted' | 'gamma0'>;

const vectors: Unrolled[] = readdirSync(at('packages/core/vectors')).map((file) =>
  parseVector(JSON.parse(readFileSync(at(`packages/core/vectors/${file}`), 'utf8'))),
);

/** What the golden vectors lack: all activations, strides and scales of which nothing is even, pixels that are no square, ψ not 0. */
function odd(): Unrolled {
  const spec: EngineSpec = {
    network: {
      type: 'rnn-em',
      input: [
        { type: 'reshape', shape: [5, 7, 1] },
        { type: 'conv', size: 3, kernel: 3, stride: 2, activation: 'tanh' },
        { type: 'conv', size: 2, kernel: 2, activation: 'elu', layerNorm: true },
        { type: 'flatten' },
      ],
      recurrent: { size: 6, activation: 'tanh', layerNorm: true },
      output: [
        { type: 'dense', size: 2 * 3, activation: 'linear' },
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'resizeConv', size: 2, kernel: 3, scale: 3, activation: 'relu', layerNorm: true },
        { type: 'resizeConv', size: 1, kernel: 2, scale: 1, activation: 'linear' },
        { type: 'flatten' },
        { type: 'dense', size: 35, activation: 'sigmoid', layerNorm: true },
      ],
    },
    mixture: { distribution: 'gaussian', sigma: 0.4 },
    objective: { interWeight: 1, gammaGradient: false, stepWeights: [1, 1, 1] },
    image: [5, 7],
    components: 2,
    noise: { type: 'none' },
    initialPrediction: 0.25,
  };
  const draw = (purpose: string, length: number) => fillUniform(deriveKey(0, purpose), new Float32Array(length));
  const gamma0 = draw('gamma', 3 * 2 * 35);
  for (let b = 0; b < 3; b++) for (let i = 0; i < 35; i++) gamma0[b * 70 + 35 + i] = 1 - gamma0[b * 70 + i]!;
  const { parameters } = networkShape(spec.network, 35);
  const frames = { clean: draw('clean', 4 * 3 * 35), corrupted: draw('corrupted', 3 * 3 * 35), gamma0 };
  return { name: 'odd', spec, parameters: initializeParameters(parameters, deriveKey(0, 'odd')), batch: 3, ...frames };
}

/** γ after each step by the reference of this repository. */
function expectedGamma({ spec, parameters, batch, clean, corrupted, gamma0 }: Unrolled): Float32Array[] {
  const step = createEmStep(spec, parameters);
  const row = batch * spec.image[0] * spec.image[1];
  let state = step.start(gamma0);
  return spec.objective.stepWeights.map((_, t) => {
    const [frame, next] = [corrupted.subarray(t * row, (t + 1) * row), clean.subarray((t + 1) * row, (t + 2) * row)];
    state = step.next(state, frame, next);
    return state.gamma;
  });
}

const metadataOf = ({ image, network, mixture, components, noise, objective, initialPrediction }: EngineSpec) => {
  const steps = objective.stepWeights.length;
  return modelMetadata({ image, network, mixture, components, noise, steps, still: false, initialPrediction });
};

interface Found {
  readonly gammas: number[][][];
  /** Of the file of groups. */
  readonly shape: number[];
  readonly groups: number[];
}

/** Reads the frames and γ of each job, and writes γ of all its steps. */
const PROGRAM = `import json, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
def run(job, unrolled):
    steps, batch, components, height, width = job['shape']
    def array(name, *shape): return np.array(job[name], np.float32).reshape(shape)
    clean = array('clean', -1, batch, height, width)[1 : steps + 1]
    corrupted = array('corrupted', -1, batch, height, width)[:steps]
    states = unrolled(job['file'], corrupted, clean, array('gamma0', batch, components, height, width))
    return [state['gamma'].flatten().tolist() for state in states]
`;

const RUN = `
jobs = json.load(sys.stdin)
gammas = [run(job, unrolled) for job in jobs]
# As from the command line: images in, groups of 3 components out.
images, groups = sys.argv[2] + '/images.npy', sys.argv[2] + '/groups.npy'
height, width = jobs[0]['shape'][3:]
np.save(images, np.array(jobs[0]['clean'][: 2 * height * width]).reshape(2, height, width))
main(jobs[0]['file'], images, groups, '3')
found = np.load(groups)
print(json.dumps({'gammas': gammas, 'shape': found.shape, 'groups': np.unique(found).tolist()}))`;

const IN_ONNX = `${PROGRAM}import onnxruntime
from group_with_onnx import main, unroll
def unrolled(file, *arrays):
    return unroll(onnxruntime.InferenceSession(file, providers=['CPUExecutionProvider']), *arrays)${RUN}`;

const IN_TORCH = `${PROGRAM}import torch
from group_with_torch import load_safetensors, main, unroll
def unrolled(file, *arrays):
    return unroll(*load_safetensors(file), *map(torch.from_numpy, arrays))${RUN}`;

/** γ after each step of each vector, and what the example itself made of two images, in one process. */
function runIn(python: string, program: string, ending: string): Found {
  const jobs = unrolled.map(({ name, spec, batch, clean, corrupted, gamma0 }) => {
    const shape = [spec.objective.stepWeights.length, batch, spec.components, ...spec.image];
    const frames = { clean: [...clean], corrupted: [...corrupted], gamma0: [...gamma0] };
    return { file: join(folder, `${name}.${ending}`), shape, ...frames };
  });
  const options = { input: JSON.stringify(jobs), encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { stdout, stderr } = spawnSync(python, ['-c', program, examples, folder], options);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Found;
}

/** The groups of two images of the first vector. */
function expectGroups({ shape, groups }: Found): void {
  expect(shape).toEqual([2, ...unrolled[0]!.spec.image]);
  expect(groups.length).toBeGreaterThan(1);
  for (const group of groups) expect([0, 1, 2]).toContain(group);
}

/**
 * How far apart γ may be: processors make sums in different orders. Of binary pixels 1e-5; of Gaussian ones the E-step multiplies the error of ψ
 * by up to 1 / 4σ², so that γ of digits differs by 1.5e-5 from PyTorch's on a processor with AVX2.
 */
const roundingOf = ({ mixture }: EngineSpec): number =>
  isBinary(mixture) ? 1e-5 : Math.max(1, 1 / (4 * (mixture.sigma ?? 0.25) ** 2)) * 1e-5;

function expectSameGamma(found: number[][], vector: Unrolled): void {
  const expected = expectedGamma(vector);
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  let largest = 0;
  found.forEach((gamma, t) => {
    for (const [i, value] of gamma.entries()) largest = Math.max(largest, Math.abs(value - expected[t]![i]!));
  });
  expect(largest).toBeLessThan(roundingOf(vector.spec));
}

const has = (python: string, modules: string) => spawnSync(python, ['-c', `import ${modules}`]).status === 0;
const python = process.env.PYTHON || 'python3';
const torch = process.env.NEM_TORCH_PYTHON || python;

const unrolled = [...vectors, odd()];
const cases = unrolled.map((vector, i) => [vector.name, i] as const);

describe.skipIf(!has(python, 'onnxruntime'))('a network as ONNX (needs onnxruntime)', () => {
  let found: Found;
  beforeAll(() => {
    for (const { name, spec, parameters } of unrolled) {
      writeFileSync(join(folder, `${name}.onnx`), onnxStep(spec, parameters, metadataOf(spec)));
    }
    found = runIn(python, IN_ONNX, 'onnx');
  });

  it.each(cases)('gives the same γ in onnxruntime over a whole sequence: %s', (_, i) => {
    expectSameGamma(found.gammas[i]!, unrolled[i]!);
  });

  it('groups images by the example', () => expectGroups(found));
});

describe.skipIf(!has(torch, 'torch, numpy'))('weights with their metadata (needs PyTorch)', () => {
  let found: Found;
  beforeAll(() => {
    for (const { name, spec, parameters } of unrolled) {
      writeFileSync(join(folder, `${name}.safetensors`), encodeSafetensors(parameters, metadataOf(spec)));
    }
    found = runIn(torch, IN_TORCH, 'safetensors');
  });

  it.each(cases)('give the same γ in PyTorch, by the example: %s', (_, i) => {
    expectSameGamma(found.gammas[i]!, unrolled[i]!);
  });

  it('groups images by the example', () => expectGroups(found));
});
