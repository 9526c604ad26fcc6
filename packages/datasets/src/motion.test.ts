import { deriveKey, RandomStream } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from './dataset.js';
import { DEFAULT_MOTION, type Motion, randomDirection, randomFlight, requireMotion } from './motion.js';

const property = { seed: 5, numRuns: 500 };

/** Pearson's chi square of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('directions', () => {
  it('are unit vectors, equally frequent in 16 sectors (chi square)', () => {
    const random = new RandomStream(deriveKey(1, 'directions'));
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      const [cosine, sine] = randomDirection(random);
      expect(Math.abs(Math.hypot(cosine, sine) - 1)).toBeLessThan(1e-15);
      counts[Math.floor(((Math.atan2(sine, cosine) + Math.PI) / (2 * Math.PI)) * 16) % 16]!++;
    }
    expect(chiSquare(counts)).toBeLessThan(37.7); // 0.1 % point for 15 degrees of freedom
  });
});

describe('integer-pixel motion', () => {
  it('draws the nine velocities and every start in the room equally often (chi square)', () => {
    const random = new RandomStream(deriveKey(2, 'integer-pixel motion'));
    const [velocities, starts] = [new Array<number>(9).fill(0), new Array<number>(20).fill(0)];
    for (let i = 0; i < 20_000; i++) {
      const { row, column, rowVelocity, columnVelocity } = randomFlight(random, 3, 4, DEFAULT_MOTION);
      velocities[3 * (rowVelocity + 1) + columnVelocity + 1]!++;
      starts[5 * row + column]!++;
    }
    expect(velocities).toHaveLength(9);
    expect(starts).toHaveLength(20);
    expect(chiSquare(velocities)).toBeLessThan(26.1); // 0.1 % point for 8 degrees of freedom
    expect(chiSquare(starts)).toBeLessThan(43.8); // 0.1 % point for 19 degrees of freedom
  });

  it('has whole starts inside the room and whole velocities of at most the largest, each of which occurs', () => {
    const options = fc.record({ seed: fc.nat(), room: fc.integer({ min: 0, max: 60 }), maxVelocity: fc.nat(5) });
    fc.assert(
      fc.property(options, ({ seed, room, maxVelocity }) => {
        const random = new RandomStream(deriveKey(seed, 'motion'));
        const seen = new Set<number>();
        for (let i = 0; i < 400; i++) {
          const flight = randomFlight(random, room, room, { type: 'integerPixel', maxVelocity });
          for (const start of [flight.row, flight.column]) expect(Number.isInteger(start)).toBe(true);
          expect(Math.min(flight.row, flight.column)).toBeGreaterThanOrEqual(0);
          expect(Math.max(flight.row, flight.column)).toBeLessThanOrEqual(room);
          seen.add(flight.rowVelocity).add(flight.columnVelocity);
        }
        const all = Array.from({ length: 2 * maxVelocity + 1 }, (_, i) => i - maxVelocity);
        expect([...seen].sort((a, b) => a - b)).toEqual(all);
      }),
      { seed: 6, numRuns: 100 },
    );
  });
});

it('sub-pixel motion has a speed within its range', () => {
  const speeds = fc.record({
    seed: fc.nat(1e6),
    minimum: fc.double({ min: 0, max: 40, noNaN: true }),
    more: fc.double({ min: 0, max: 40, noNaN: true }),
  });
  fc.assert(
    fc.property(speeds, ({ seed, minimum, more }) => {
      const motion: Motion = { type: 'subPixel', speed: [minimum, minimum + more] };
      const { rowVelocity, columnVelocity } = randomFlight(new RandomStream(deriveKey(seed, 'flight')), 9, 9, motion);
      const speed = Math.hypot(rowVelocity, columnVelocity);
      expect(speed).toBeGreaterThanOrEqual(minimum * (1 - 1e-12));
      expect(speed).toBeLessThanOrEqual((minimum + more) * (1 + 1e-12));
    }),
    property,
  );
});

it('sub-pixel motion has uniform starts in the room, and uniform speeds (chi square)', () => {
  const random = new RandomStream(deriveKey(3, 'sub-pixel motion'));
  const [starts, speeds] = [new Array<number>(20).fill(0), new Array<number>(10).fill(0)];
  for (let i = 0; i < 20_000; i++) {
    const flight = randomFlight(random, 8, 20, { type: 'subPixel', speed: [1, 6] });
    starts[5 * Math.floor(flight.row / 2) + Math.floor(flight.column / 4)]!++;
    // Half a pixel per frame each; the first and the last take what rounding has put beyond them.
    const part = Math.floor(2 * (Math.hypot(flight.rowVelocity, flight.columnVelocity) - 1));
    speeds[Math.min(9, Math.max(0, part))]!++;
  }
  expect(chiSquare(starts)).toBeLessThan(43.8); // 0.1 % point for 19 degrees of freedom
  expect(chiSquare(speeds)).toBeLessThan(27.9); // 0.1 % point for 9 degrees of freedom
});

describe('motions out of range are refused with one sentence', () => {
  it.each([
    [{ type: 'integerPixel', maxVelocity: 1.5 }, 'maxVelocity is 1.5: give an integer from 0 to 1000'],
    [{ type: 'integerPixel', maxVelocity: -1 }, 'maxVelocity is -1'],
    [{ type: 'integerPixel', maxVelocity: 1001 }, 'maxVelocity is 1001'],
    [{ type: 'integerPixel' }, 'maxVelocity is undefined'],
    [{ type: 'subPixel', speed: [2, 1] }, 'the speed range is 2 to 1 pixels per frame: give two numbers'],
    [{ type: 'subPixel', speed: [0, Number.NaN] }, 'NaN'],
    [{ type: 'subPixel' }, "the motion's speed is undefined: give a list of the slowest and the fastest."],
    [null, "the motion's type is undefined: use integerPixel or subPixel."],
    [{ type: 'brownian' }, "the motion's type is 'brownian': use integerPixel or subPixel."],
    [{ type: 'toString' }, "the motion's type is 'toString'"],
  ])('%j', (motion, message) => {
    // As a caller without types would give it.
    expect(() => requireMotion(motion as Motion)).toThrow(DatasetError);
    expect(() => requireMotion(motion as Motion)).toThrow(message);
  });
});
