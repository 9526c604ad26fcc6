import fc from 'fast-check';
import { expect, it } from 'vitest';
import { besideCeilings, medianProfile } from './profile.js';

const kernels = [
  { kernel: 'dense', detail: '1 × 2 × 3' },
  { kernel: 'dense', detail: '4 × 5 × 6' },
  { kernel: 'adam', detail: '7 workgroups' },
];
const profiles = fc.array(
  fc.tuple(
    ...kernels.map((kernel, launches) =>
      fc
        .double({ min: 0, max: 1e3, noNaN: true })
        .map((milliseconds) => ({ ...kernel, launches, milliseconds, operations: 2, bytes: 4 })),
    ),
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
      for (const { detail, launches, milliseconds } of rows) {
        const i = kernels.findIndex((kernel) => kernel.detail === detail);
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

const positive = fc.double({ min: 1, max: 1e12, noNaN: true });

it('a kernel reaches what the nearer ceiling allows it', () => {
  fc.assert(
    fc.property(positive, positive, positive, positive, positive, (milliseconds, operations, bytes, flops, speed) => {
      const ceilings = { copy: { bytesPerSecond: speed }, product: { operationsPerSecond: flops } };
      const profile = [{ kernel: 'dense', detail: '', launches: 1, milliseconds, operations, bytes }];
      const [row] = besideCeilings(profile, ceilings);
      const byProduct = row?.ceiling === 'product';
      // Neither ceiling allows less time, and the nearer one just that.
      const seconds = (row?.leastMs as number) / 1e3;
      const most = 1 + 1e-9;
      expect(operations / seconds).toBeLessThanOrEqual(flops * most);
      expect(bytes / seconds).toBeLessThanOrEqual(speed * most);
      expect(byProduct ? operations / seconds / flops : bytes / seconds / speed).toBeCloseTo(1, 9);
      const share = byProduct
        ? ((row?.gflops as number) * 1e9) / flops
        : ((row?.gigabytesPerSecond as number) * 1e9) / speed;
      expect((row?.reached as number) / share).toBeCloseTo(1, 9);
      expect(row?.share).toBe(1);
    }),
  );
});

it('on a clock that stood still nothing is reached', () => {
  const ceilings = { copy: { bytesPerSecond: 1 }, product: { operationsPerSecond: 1 } };
  const still = { kernel: 'adam', detail: '', launches: 1, milliseconds: 0, operations: 0, bytes: 4 };
  expect(besideCeilings([still], ceilings)[0]).toMatchObject({ reached: 0, share: 0, gflops: 0, ceiling: 'copy' });
});
