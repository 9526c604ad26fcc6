import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEVELS, packFrames } from './frames.js';
import { elementAt } from './required.js';

const pixels = (level: fc.Arbitrary<number>) => fc.array(level, { minLength: 1, maxLength: 40 });

it('packs multiples of 1 / 255 without a loss', () => {
  fc.assert(
    fc.property(fc.oneof(...[fc.constantFrom(0, 255), fc.integer({ min: 0, max: 255 })].map(pixels)), (levels) => {
      const frames = Float32Array.from(levels, (level) => level / 255);
      const bytes = new Uint8Array(Math.ceil(frames.length / 4) * 4);
      expect(packFrames(frames, bytes)).toBe(true);
      expect(Float32Array.from(frames, (_, i) => elementAt(LEVELS, elementAt(bytes, i)))).toEqual(frames);
    }),
  );
});

it('refuses every other value', () => {
  const levels = new Set(LEVELS);
  const other = fc.float().filter((value) => !levels.has(value) && value !== 0);
  fc.assert(
    fc.property(other, fc.nat(20), (value, at) => {
      const frames = new Float32Array(21);
      frames[at] = value;
      expect(packFrames(frames, new Uint8Array(24))).toBe(false);
    }),
  );
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 256 / 255, 1 / 1020]) {
    expect(packFrames(Float32Array.of(value), new Uint8Array(4))).toBe(false);
  }
});
