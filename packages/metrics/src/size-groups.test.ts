import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SizeGroups } from './size-groups.js';

describe('SizeGroups', () => {
  it('groups equal sizes in ascending order, again and again', () => {
    const groups = new SizeGroups();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const total = sizes.reduce((sum, size) => sum + size);
        groups.group(Int32Array.from(sizes), sizes.length, total);
        const distinct = [...new Set(sizes)].sort((a, b) => a - b);
        expect([...groups.sizes.subarray(0, groups.count)]).toEqual(distinct);
        expect([...groups.multiplicities.subarray(0, groups.count)]).toEqual(
          distinct.map((size) => sizes.filter((other) => other === size).length),
        );
      }),
      { seed: 1 },
    );
  });

  it('is empty for no clusters', () => {
    const groups = new SizeGroups();
    groups.group(new Int32Array(0), 0, 0);
    expect(groups.count).toBe(0);
  });
});
