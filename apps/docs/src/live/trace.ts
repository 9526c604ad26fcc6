import { corrupt, type EmState, type EmStep, initialGamma } from '@nem/core';
import { FrameScorer } from '@nem/metrics';
import { deriveKey } from '@nem/random';
import type { StepResult, TraceRequest } from './messages.js';

type Scene = Pick<TraceRequest, 'frames' | 'groups' | 'components' | 'steps' | 'noise' | 'seed'>;

/** The assignment before the first step, [components, pixels]. */
export const startGamma = ({ seed, components }: Pick<Scene, 'seed' | 'components'>, pixels: number) =>
  initialGamma(deriveKey(seed, 'gamma'), 1, components, pixels);

/** The steps of one image or sequence, in the order of docs/method.md, section 2; each is computed when it is asked for. */
export function* trace(model: EmStep, scene: Scene, pixels: number): Generator<StepResult> {
  const { frames, groups, components, steps, noise, seed } = scene;
  const last = frames.length / pixels - 1;
  const frame = (values: Float32Array, t: number) => values.subarray(Math.min(t, last) * pixels).subarray(0, pixels);
  const key = deriveKey(seed, 'noise');
  const scorer = new FrameScorer({ frames: 1, pixels, ignoreLabel: 0, averageMethod: 'max' });
  let state: EmState = model.start(startGamma(scene, pixels));
  for (let t = 0; t < steps; t++) {
    const began = performance.now();
    const noisy = new Float32Array(pixels);
    corrupt({ type: 'bitFlip', probability: noise }, key, frame(frames, t), noisy, t * pixels);
    state = model.next(state, noisy, frame(frames, t + 1));
    const truth = groups.subarray(Math.min(t + 1, last) * pixels).subarray(0, pixels);
    const [ami = Number.NaN] = scorer.scoreGamma(truth, state.gamma, components).adjustedMutualInfo;
    yield { step: t + 1, noisy, gamma: state.gamma, psi: state.psi, ami, milliseconds: performance.now() - began };
  }
}
