import { corrupt, type EngineSpec, initialGamma } from '@nem/core';
import { deriveKey } from '@nem/random';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Room } from '../../system/room.js';
import { DrawnInputs } from './drawn-inputs.js';

const PIXELS = 6;
const keys = { noise: deriveKey(1, 'noise'), gamma: deriveKey(1, 'gamma') };

it('draws the same rows as of the whole batch, however much of it was drawn ahead', () => {
  const sizes = fc.record({
    steps: fc.integer({ min: 1, max: 4 }),
    still: fc.boolean(),
    whole: fc.integer({ min: 1, max: 6 }),
    components: fc.integer({ min: 1, max: 3 }),
    ahead: fc.integer({ min: 0, max: 7 }),
  });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), ({ steps, still, whole, components, ahead }, from, length) => {
      const first = from % whole;
      const batch = 1 + (length % (whole - first));
      const noise = { type: 'bitFlip', probability: 0.3 } as const;
      const spec = { noise, components, image: [2, 3], objective: { stepWeights: Array(steps).fill(1) } } as unknown;
      const frames = Float32Array.from({ length: (still ? 1 : steps + 1) * batch * PIXELS }, (_, i) => i % 2);
      const room = new Room((size) => new Float32Array(size));
      const inputs = new DrawnInputs(spec as EngineSpec, { frames, batch, shard: { first, of: whole } }, keys, room);
      const more = Array.from({ length: ahead }, () => inputs.advance());
      expect(more).toEqual(more.map((_, i) => i < steps));
      const { randomness } = inputs.finish() as { randomness: { corrupted: Float32Array; gamma0: Float32Array } };
      const row = batch * PIXELS;
      for (let t = 0; t < steps; t++) {
        const expected = new Float32Array(row);
        const clean = still ? frames : frames.subarray(t * row, (t + 1) * row);
        corrupt(noise, keys.noise, clean, expected, (t * whole + first) * PIXELS);
        expect(randomness.corrupted.subarray(t * row, (t + 1) * row)).toEqual(expected);
      }
      const gamma = initialGamma(keys.gamma, whole, components, PIXELS);
      const width = components * PIXELS;
      expect(randomness.gamma0).toEqual(gamma.slice(first * width, (first + batch) * width));
    }),
    { seed: 20170803 },
  );
});
