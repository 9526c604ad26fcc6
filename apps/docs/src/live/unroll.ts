import type { EmState, EmStep, Engine } from '@nem/core';

/** What is unrolled: frames with their noise, from a first γ. */
export interface UnrollInputs {
  readonly pixels: number;
  readonly components: number;
  readonly steps: number;
  /** [components, pixels]. */
  readonly gamma0: Float32Array;
  /** x̃ of step t, and the clean frame that γ is taken from: x of step t + 1. */
  frame(step: number): { readonly noisy: Float32Array; readonly clean: Float32Array };
  /** Clean frames, [1 or steps + 1, pixels]. */
  readonly frames: Float32Array;
}

/** A state after a step, and the milliseconds that it took. */
export interface TimedState extends Pick<EmState, 'gamma' | 'psi'> {
  readonly milliseconds: number;
}

/** Computes steps one after the other. */
export type Unroll = (inputs: UnrollInputs) => AsyncIterable<TimedState>;

/** By a function of one step: each is computed when it is asked for. */
export const byStep = (step: EmStep): Unroll =>
  async function* unroll({ gamma0, steps, frame }) {
    let state: EmState = step.start(gamma0);
    for (let t = 0; t < steps; t++) {
      const { noisy, clean } = frame(t);
      const began = performance.now();
      state = step.next(state, noisy, clean);
      yield { ...state, milliseconds: performance.now() - began };
    }
  };

/** By an engine, which computes all steps at once. @param engineFor an engine for so many components and steps */
export const byEngine = (engineFor: (components: number, steps: number) => Promise<Engine>): Unroll =>
  async function* unroll({ gamma0, steps, components, pixels, frames, frame }) {
    const corrupted = new Float32Array(steps * pixels);
    for (let t = 0; t < steps; t++) corrupted.set(frame(t).noisy, t * pixels);
    const engine = await engineFor(components, steps);
    const began = performance.now();
    const { gamma, predictions } = await engine.infer({ frames, batch: 1 }, { corrupted, gamma0 }, { steps: 'all' });
    const milliseconds = (performance.now() - began) / steps;
    const size = components * pixels;
    for (let t = 0; t < steps; t++) {
      const part = (values: Float32Array) => values.slice(t * size, (t + 1) * size);
      yield { gamma: part(gamma), psi: part(predictions), milliseconds };
    }
  };
