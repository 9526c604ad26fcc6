import fc from 'fast-check';
import { expect, it } from 'vitest';
import { medianProfile } from './profile.js';

const kernels = ['dense', 'adam', 'noise'];
const profiles = fc.array(
  fc
    .tuple(...kernels.map(() => fc.double({ min: 0, max: 1e3, noNaN: true })))
    .map((times) =>
      kernels.map((kernel, i) => ({ kernel, launches: i, milliseconds: times[i], operations: 2, bytes: 4 })),
    ),
  { minLength: 1, maxLength: 7 },
);

it("gives each kernel's middle time, the longest first, and keeps its counts", () => {
  fc.assert(
    fc.property(profiles, (runs) => {
      const rows = medianProfile(runs);
      expect(rows.map(({ milliseconds }) => milliseconds)).toEqual(
        rows.map(({ milliseconds }) => milliseconds).sort((a, b) => b - a),
      );
      for (const { kernel, launches, milliseconds } of rows) {
        const i = kernels.indexOf(kernel);
        const times = runs.map((run) => run[i]?.milliseconds as number);
        expect(times).toContain(milliseconds);
        expect(times.filter((time) => time < milliseconds).length).toBeLessThanOrEqual(runs.length / 2);
        expect(times.filter((time) => time > milliseconds).length).toBeLessThanOrEqual(runs.length / 2);
        expect(launches).toBe(i);
      }
      expect(rows).toHaveLength(kernels.length);
    }),
  );
});
