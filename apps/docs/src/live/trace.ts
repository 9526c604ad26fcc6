import { corrupt, initialGamma } from '@nem/core';
import { FrameScorer } from '@nem/metrics/frames';
import { deriveKey } from '@nem/random';
import type { StepResult, TraceRequest } from './messages.js';
import type { Unroll, UnrollInputs } from './unroll.js';

type Scene = Pick<TraceRequest, 'frames' | 'groups' | 'components' | 'steps' | 'noise' | 'seed'>;

/** The assignment before the first step, [components, pixels]. */
export const startGamma = ({ seed, components }: Pick<Scene, 'seed' | 'components'>, pixels: number) =>
  initialGamma(deriveKey(seed, 'gamma'), 1, components, pixels);

/** Number t of [frames, pixels], or the last one. */
function at<A extends Float32Array | Uint8Array>(values: A, t: number, pixels: number): A {
  const last = values.length / pixels - 1;
  return values.subarray(Math.min(t, last) * pixels).subarray(0, pixels) as A;
}

/** The frames of a scene with their noise, which is drawn once for each. */
function inputsOf(scene: Scene, pixels: number): UnrollInputs {
  const { frames, components, steps, noise, seed } = scene;
  const key = deriveKey(seed, 'noise');
  const drawn = new Map<number, Float32Array>();
  const noisyAt = (t: number) => {
    const out = drawn.get(t) ?? new Float32Array(pixels);
    if (!drawn.has(t)) corrupt({ type: 'bitFlip', probability: noise }, key, at(frames, t, pixels), out, t * pixels);
    drawn.set(t, out);
    return out;
  };
  const frame = (t: number) => ({ noisy: noisyAt(t), clean: at(frames, t + 1, pixels) });
  return { pixels, components, steps, frames, frame, gamma0: startGamma(scene, pixels) };
}

/** The steps of one image or sequence, in the order of docs/method.md, section 2; each is computed when it is asked for. */
export async function* trace(unroll: Unroll, scene: Scene, pixels: number): AsyncGenerator<StepResult> {
  const inputs = inputsOf(scene, pixels);
  const scorer = new FrameScorer({ frames: 1, pixels, ignoreLabel: 0, averageMethod: 'max' });
  let step = 0;
  for await (const { gamma, psi, milliseconds } of unroll(inputs)) {
    const truth = at(scene.groups, step + 1, pixels);
    const [ami = Number.NaN] = scorer.scoreGamma(truth, gamma, scene.components).adjustedMutualInfo;
    const { noisy } = inputs.frame(step);
    step++;
    yield { step, noisy, gamma, psi, ami, milliseconds };
  }
}
