import type { Inference } from '@nem/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinInferences, shardBatch } from './shards.js';

const count = (length: number) => Float32Array.from({ length }, (_, i) => i);

it('shards hold every row once and join to the whole', () => {
  const sizes = fc.record({
    frames: fc.integer({ min: 1, max: 4 }),
    batch: fc.integer({ min: 1, max: 9 }),
    components: fc.integer({ min: 1, max: 3 }),
    pixels: fc.integer({ min: 1, max: 5 }),
    workers: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(sizes, ({ frames, batch, components, pixels, workers }) => {
      const whole = count(frames * batch * pixels);
      const gamma0 = count(batch * components * pixels);
      const shards = shardBatch(
        { frames: whole, batch },
        { corrupted: whole, gamma0 },
        pixels,
        workers,
        new Float32Array(whole.length),
      );
      expect(shards).toHaveLength(Math.min(batch, workers));
      const rows = shards.map((shard) => shard.batch.batch);
      expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(2);
      expect(shards.map((shard) => shard.batch.shard?.first)).toEqual(
        rows.map((_, i) => rows.slice(0, i).reduce((sum, size) => sum + size, 0)),
      );
      const parts = shards.map((shard): Inference => {
        const { corrupted, gamma0: gamma } = shard.randomness as { corrupted: Float32Array; gamma0: Float32Array };
        const losses = Array.from({ length: frames }, () => ({ intra: 1, inter: 2, upper: 3 }));
        return { losses, loss: 4, corrupted, predictions: shard.batch.frames, hidden: corrupted, gamma };
      });
      const joined = joinInferences(parts, frames);
      expect(joined.corrupted).toEqual(whole);
      expect(joined.predictions).toEqual(whole);
      expect(joinInferences(parts, 1).gamma).toEqual(gamma0);
      expect(joined.loss).toBe(4 * shards.length);
      expect(joined.losses[frames - 1]).toEqual({
        intra: shards.length,
        inter: 2 * shards.length,
        upper: 3 * shards.length,
      });
    }),
  );
});
