import { deriveKey, RandomStream } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Flight, flightColumn, flightRow } from './flight.js';
import { type Motion, randomFlight } from './motion.js';

const property = { seed: 5, numRuns: 500 };

const motions: fc.Arbitrary<Motion> = fc.oneof(
  fc.record({ type: fc.constant('integerPixel' as const), maxVelocity: fc.nat(80) }),
  fc.record({
    type: fc.constant('subPixel' as const),
    speed: fc
      .tuple(fc.double({ min: 0, max: 40, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }))
      .map(([slowest, more]): [number, number] => [slowest, slowest + more]),
  }),
);

describe('flights', () => {
  const flights = fc.record({
    seed: fc.nat(1e6),
    rows: fc.integer({ min: 0, max: 60 }),
    columns: fc.integer({ min: 0, max: 60 }),
    motion: motions,
  });
  const fly = ({ seed, rows, columns, motion }: { seed: number; rows: number; columns: number; motion: Motion }) =>
    randomFlight(new RandomStream(deriveKey(seed, 'flight')), rows, columns, motion);

  it('stay in the room at any speed', () => {
    fc.assert(
      fc.property(flights, fc.nat(1000), (options, frame) => {
        const flight = fly(options);
        for (const [position, room] of [
          [flightRow(flight, frame), options.rows],
          [flightColumn(flight, frame), options.columns],
        ] as const) {
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(room);
        }
      }),
      property,
    );
  });

  it('agree with reflections applied one after the other', () => {
    fc.assert(
      fc.property(flights, (options) => {
        const flight = fly(options);
        let position = flight.column;
        let velocity = flight.columnVelocity;
        for (let frame = 0; frame < 30; frame++) {
          expect(Math.abs(flightColumn(flight, frame) - position)).toBeLessThan(1e-9);
          if (flight.columns === 0) continue;
          position += velocity;
          while (position < 0 || position > flight.columns) {
            position = position < 0 ? -position : 2 * flight.columns - position;
            velocity = -velocity;
          }
        }
      }),
      property,
    );
  });

  it('are at whole pixels in every frame with integer-pixel motion', () => {
    fc.assert(
      fc.property(flights, fc.nat(80), fc.nat(1000), (options, maxVelocity, frame) => {
        const flight = fly({ ...options, motion: { type: 'integerPixel', maxVelocity } });
        expect(Number.isInteger(flightRow(flight, frame))).toBe(true);
        expect(Number.isInteger(flightColumn(flight, frame))).toBe(true);
      }),
      property,
    );
  });

  it('turn in the frame in which they reach the wall', () => {
    const flight: Flight = { rows: 3, columns: 5, row: 2, column: 1, rowVelocity: 1, columnVelocity: -1 };
    const frames = Array.from({ length: 8 }, (_, frame) => frame);
    expect(frames.map((frame) => flightRow(flight, frame))).toEqual([2, 3, 2, 1, 0, 1, 2, 3]);
    expect(frames.map((frame) => flightColumn(flight, frame))).toEqual([1, 0, 1, 2, 3, 4, 5, 4]);
  });
});
