import { deriveKey, RandomStream } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flightColumn, flightRow, randomDirection, randomFlight } from './flight.js';

const property = { seed: 5, numRuns: 500 };

describe('directions', () => {
  it('are unit vectors, equally frequent in 16 sectors (chi square)', () => {
    const random = new RandomStream(deriveKey(1, 'directions'));
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      const [cosine, sine] = randomDirection(random);
      expect(Math.abs(Math.hypot(cosine, sine) - 1)).toBeLessThan(1e-15);
      counts[Math.floor(((Math.atan2(sine, cosine) + Math.PI) / (2 * Math.PI)) * 16) % 16]++;
    }
    const chi2 = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeLessThan(37.7); // 0.1 % point for 15 degrees of freedom
  });
});

describe('flights', () => {
  const flights = fc.record({
    seed: fc.nat(1e6),
    rows: fc.integer({ min: 0, max: 60 }),
    columns: fc.integer({ min: 0, max: 60 }),
    minimum: fc.double({ min: 0, max: 40, noNaN: true }),
    more: fc.double({ min: 0, max: 40, noNaN: true }),
  });
  const fly = ({ seed, rows, columns, minimum, more }: { [name: string]: number }) =>
    randomFlight(new RandomStream(deriveKey(seed, 'flight')), rows, columns, [minimum, minimum + more]);

  it('stay in the room at any speed', () => {
    fc.assert(
      fc.property(flights, fc.nat(1000), (options, frame) => {
        const flight = fly(options);
        for (const [position, room] of [
          [flightRow(flight, frame), options.rows],
          [flightColumn(flight, frame), options.columns],
        ]) {
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(room);
        }
      }),
      property,
    );
  });

  it('go as reflections one after the other would have them, at a speed within the range', () => {
    fc.assert(
      fc.property(flights, (options) => {
        const flight = fly(options);
        const speed = Math.hypot(flight.rowVelocity, flight.columnVelocity);
        expect(speed).toBeGreaterThanOrEqual(options.minimum * (1 - 1e-12));
        expect(speed).toBeLessThanOrEqual((options.minimum + options.more) * (1 + 1e-12));
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
});
