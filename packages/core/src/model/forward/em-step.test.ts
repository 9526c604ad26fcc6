import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deriveKey } from '@nem/random';
import { describe, expect, it } from 'vitest';
import { InputError } from '../engine/input-error.js';
import { initializeParameters } from '../network/parameters.js';
import { type GoldenVector, parseVector } from '../verify/vector.js';
import { relativeError } from '../verify/verify.js';
import { createEmStep, type EmState } from './em-step.js';

const folder = fileURLToPath(new URL('../../../vectors/', import.meta.url));
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.startsWith('adam'))
  .map((file) => parseVector(JSON.parse(readFileSync(`${folder}${file}`, 'utf8'))));

/** The states after each step of a vector. */
function unroll({ spec, parameters, batch, clean, corrupted, gamma0 }: GoldenVector): EmState[] {
  const step = createEmStep(spec, parameters);
  const row = batch * spec.image[0] * spec.image[1];
  const frame = (frames: Float32Array, t: number) => frames.subarray(t * row, (t + 1) * row);
  const states = [step.start(gamma0)];
  spec.objective.stepWeights.forEach((_, t) => {
    states.push(step.next(states[t]!, frame(corrupted, t), frame(clean, t + 1)));
  });
  return states.slice(1);
}

const joined = (states: readonly EmState[], part: keyof EmState) => states.flatMap((state) => Array.from(state[part]));

describe.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
  it.each([
    ['hidden', 'hidden'],
    ['pred', 'psi'],
    ['gamma', 'gamma'],
  ] as const)('has the %s of the golden vector', (quantity, part) => {
    // Ten times closer than an engine in single precision must be.
    expect(relativeError(joined(unroll(vector), part), vector.expected[quantity]!)).toBeLessThan(2e-6);
  });
});

const spec = {
  network: { type: 'n-em', size: 3 },
  mixture: { distribution: 'bernoulli' },
  image: [2, 2],
} as const;
const parameters = initializeParameters(
  [
    { name: 'nem.weights', shape: [4, 3], initializer: 'glorotUniform' },
    { name: 'nem.step', shape: [1], initializer: 'ones' },
  ],
  deriveKey(0, 'parameters'),
);

it('goes on from any state, for any batch and K', () => {
  const step = createEmStep(spec, parameters);
  const frames = Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0);
  const gamma = new Float32Array(2 * 5 * 4).fill(0.2);
  const once = step.next(step.start(gamma), frames, frames);
  expect([once.psi.length, once.gamma.length, once.hidden.length]).toEqual([40, 40, 30]);
  // Each input alone gives its own part.
  const alone = step.next(step.start(gamma.subarray(20)), frames.subarray(4), frames.subarray(4));
  expect(once.psi.subarray(20)).toEqual(alone.psi);
});

it('refuses frames and states of other lengths in one sentence', () => {
  const step = createEmStep(spec, parameters);
  const state = step.start(new Float32Array(8).fill(0.5));
  const frame = new Float32Array(4);
  expect(() => step.next(state, frame, new Float32Array(8))).toThrow(
    new InputError('the frames of a step have 4 and 8 pixels: give a batch of 4 pixels each.'),
  );
  expect(() => step.next({ ...state, hidden: new Float32Array(5) }, frame, frame)).toThrow(InputError);
  expect(() => step.next({ ...state, psi: [1] as never }, frame, frame)).toThrow(
    new InputError('the psi of a step is a list: give a Float32Array.'),
  );
  expect(() => step.next(state, undefined as never, frame)).toThrow('the corrupted of a step is missing: give a');
  expect(() => createEmStep(spec, {})).toThrow(
    'the parameter nem.weights is missing: use weights of the same network.',
  );
  expect(() => createEmStep({ ...spec, image: undefined as never }, parameters)).toThrow(
    new InputError('the image of the model is missing: give [height, width] in pixels, e.g. [28, 28].'),
  );
});
