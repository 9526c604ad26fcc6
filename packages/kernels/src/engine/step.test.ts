import {
  createEmStep,
  type EmState,
  type EmStep,
  type EngineSpec,
  InputError,
  initialGamma,
  relativeError,
} from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { createKernelEngine } from './engine.js';
import { frames, key, networks, randomness, small } from './networks.fixture.js';
import { createKernelStep } from './step.js';

/** The states after each step over frames without noise. */
function unroll(step: EmStep, spec: EngineSpec, clean: Float32Array, batch: number): EmState[] {
  const pixels = spec.image[0] * spec.image[1];
  const frame = (t: number) => clean.subarray(t * batch * pixels, (t + 1) * batch * pixels);
  const states = [step.start(initialGamma(randomness.gamma, batch, spec.components, pixels))];
  spec.objective.stepWeights.forEach((_, t) => {
    states.push(step.next(states[t]!, frame(t), frame(t + 1)));
  });
  return states.slice(1);
}

const joined = (states: readonly EmState[], part: keyof EmState) => states.flatMap((state) => [...state[part]]);

it('refuses an unknown mixture, an image of no size, and what is not kernels, before the first step', async () => {
  const [, kernels] = allKernels[0]!;
  const spec = small();
  const parameters = await createKernelEngine(kernels, spec, key).parameters();
  const make = (over: object, of: unknown = kernels) => createKernelStep(of as never, { ...spec, ...over }, parameters);
  expect(() => make({ mixture: { distribution: 'laplace' } })).toThrow("unknown distribution 'laplace'");
  expect(() => make({ image: undefined })).toThrow(InputError);
  expect(() => make({ image: [16] })).toThrow(InputError);
  expect(() => make({}, { kernels })).toThrow('the kernels are an object: give those of loadWasm()');
});

describe.each(allKernels)('%s', (_, kernels) => {
  it('steps as plain TypeScript does, and to the bit as the engine that unrolls', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec: drawn, batch }) => {
        const spec = { ...drawn, noise: { type: 'none' } as const };
        const clean = frames(spec, batch);
        const engine = createKernelEngine(kernels, spec, key);
        const parameters = await engine.parameters();
        const ours = unroll(createKernelStep(kernels, spec, parameters), spec, clean, batch);
        const plain = unroll(createEmStep(spec, parameters), spec, clean, batch);
        const whole = await engine.infer({ frames: clean, batch }, randomness, { steps: 'all' });
        for (const [part, name] of [
          ['gamma', 'gamma'],
          ['psi', 'predictions'],
          ['hidden', 'hidden'],
        ] as const) {
          expect(joined(ours, part)).toEqual([...whole[name]]);
          expect(relativeError(joined(ours, part), joined(plain, part))).toBeLessThan(2e-5);
        }
      }),
      { numRuns: 8, seed: 4 },
    );
  });

  it('goes on from any state, for any batch and K, and refuses other lengths', async () => {
    const spec = small();
    const parameters = await createKernelEngine(kernels, spec, key).parameters();
    const [ours, plain] = [createKernelStep(kernels, spec, parameters), createEmStep(spec, parameters)];
    for (const [batch, components] of [
      [2, 3],
      [1, 5],
      [3, 5],
      [2, 3],
    ] as const) {
      const clean = frames(spec, batch).subarray(0, batch * 30);
      const start = plain.start(initialGamma(randomness.gamma, batch, components, 30));
      const state = plain.next(start, clean, clean);
      const [found, expected] = [ours, plain].map((step) => step.next(state, clean, clean));
      expect(relativeError(found!.gamma, expected!.gamma)).toBeLessThan(2e-5);
    }
    const state = ours.start(new Float32Array(60));
    expect(() => ours.next(state, new Float32Array(29), new Float32Array(29))).toThrow(InputError);
  });
});
