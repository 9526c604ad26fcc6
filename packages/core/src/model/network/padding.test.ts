import { expect, it } from 'vitest';
import { phases, samePadding } from './padding.js';

it('pads as TensorFlow does: what is odd goes behind', () => {
  // Method, section 4: a kernel of 4 at stride 2 on an even size has 1 before and 1 after, at stride 1 it has 1 and 2.
  expect(samePadding(28, 4, 2)).toEqual([1, 1]);
  expect(samePadding(28, 4, 1)).toEqual([1, 2]);
  expect(samePadding(5, 3, 2)).toEqual([1, 1]);
  expect(samePadding(7, 1, 1)).toEqual([0, 0]);
});

it('folds an enlargement by 2 and a kernel of 4 into two smaller kernels', () => {
  // Output pixel 2p sees the enlarged pixels 2p − 1 … 2p + 2, which are the small pixels p − 1, p, p and p + 1.
  const [even, odd] = phases(4, 2);
  expect(even).toMatchObject({ before: 1, size: 3 });
  expect([...(even?.taps ?? [])]).toEqual([1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
  // Output pixel 2p + 1 sees 2p … 2p + 3, which are p, p, p + 1 and p + 1.
  expect(odd).toMatchObject({ before: 0, size: 2 });
  expect([...(odd?.taps ?? [])]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
});
