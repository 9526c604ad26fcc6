import { expect, it } from 'vitest';
import { counted, fixed, numberRanges } from './words.js';

it('what rounds to zero has no sign', () => {
  const texts = [-0.0004, -0.0005001, -0, 0.0004, -1.25, Number.NaN].map((value) => fixed(value, 3));
  expect(texts).toEqual(['0.000', '-0.001', '0.000', '0.000', '-1.250', 'NaN']);
  expect([fixed(-0.4, 0), fixed(-10, 0)]).toEqual(['0', '-10']);
});

it('one thing is told in the singular', () => {
  expect([0, 1, 2].map((count) => counted(count, 'update'))).toEqual(['0 updates', '1 update', '2 updates']);
});

it('numbers in a row are one range', () => {
  expect([[], [3], [0, 1], [0, 1, 2, 5, 7, 8]].map(numberRanges)).toEqual(['', '3', '0-1', '0-2,5,7-8']);
});
