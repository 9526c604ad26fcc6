import { createEmStep, type EmState } from '@nem/core';
import type { EngineDefinition, MakeUnroller, Unrolled } from './unroller.js';

/** Kept states one after the other. */
function gather(states: readonly EmState[]): Unrolled {
  const join = (part: keyof EmState) => {
    const length = states[0]?.[part].length ?? 0;
    const all = new Float32Array(states.length * length);
    states.forEach((state, i) => {
      all.set(state[part], i * length);
    });
    return all;
  };
  return { gamma: join('gamma'), predictions: join('psi'), hidden: join('hidden') };
}

const make: MakeUnroller = (description, parameters) => {
  const step = createEmStep(description, parameters);
  return {
    name: 'plain',
    step: () => step,
    async unroll({ steps, frames, corrupted, gamma0, keep }) {
      const row = corrupted.length / steps;
      const isStill = frames.length === row;
      const kept: EmState[] = [];
      let state = step.start(gamma0);
      for (let t = 0; t < steps; t++) {
        const clean = isStill ? frames : frames.subarray((t + 1) * row, (t + 2) * row);
        state = step.next(state, corrupted.subarray(t * row, (t + 1) * row), clean);
        if (keep === 'all' || t === steps - 1) kept.push(state);
      }
      return gather(kept);
    },
    dispose: () => undefined,
  };
};

/** Plain TypeScript: needs nothing and runs everywhere. */
export const plain: EngineDefinition = { needs: 'nothing', startsQuickly: true, load: async () => make };
