import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementAt } from '../required.js';
import { profileOf } from './profile.js';

const launch = fc.record({
  name: fc.constantFrom('dense', 'adam'),
  detail: fc.constantFrom('a', 'b', undefined),
  cost: fc.record({ operations: fc.option(fc.nat(1e6), { nil: undefined }), words: fc.constantFrom(250, 500) }),
  groups: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  nanoseconds: fc.nat(1e9),
});

it('every kernel and size has one row, and rows add up to the launches', () => {
  fc.assert(
    fc.property(fc.array(launch), (launches) => {
      const rows = profileOf(launches);
      const size = ({ name, detail, groups, cost }: (typeof launches)[number]) =>
        `${name} ${detail ?? [groups, cost.words]}`;
      expect(rows).toHaveLength(new Set(launches.map(size)).size);
      expect(new Set(rows.map(({ kernel, detail }) => `${kernel} ${detail}`)).size).toBe(rows.length);
      const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
      const all = (pick: (one: (typeof launches)[number]) => number) =>
        launches.reduce((total, one) => total + pick(one), 0);
      expect(sum(({ launches }) => launches)).toBe(launches.length);
      expect(sum(({ operations }) => operations)).toBe(all(({ cost }) => cost.operations ?? 0));
      expect(sum(({ bytes }) => bytes)).toBe(all(({ cost }) => 4 * cost.words));
      expect(sum(({ milliseconds }) => milliseconds)).toBeCloseTo(all(({ nanoseconds }) => nanoseconds) / 1e6, 6);
      const times = rows.map(({ milliseconds }) => milliseconds);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }),
  );
});

it('a launch without a detail is described by its workgroups and bytes', () => {
  const detail = (groups: [number, number, number]) =>
    elementAt(profileOf([{ name: 'dense', cost: { words: 250 }, groups, nanoseconds: 1 }]), 0).detail;
  expect(detail([1, 1, 1])).toBe('1 workgroup, 1.0 kB');
  expect(detail([7, 1, 1])).toBe('7 workgroups, 1.0 kB');
  expect(detail([7, 3, 1])).toBe('7 × 3 workgroups, 1.0 kB');
  expect(detail([1, 1, 2])).toBe('1 × 1 × 2 workgroups, 1.0 kB');
});
