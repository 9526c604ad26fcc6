import { expect, it } from 'vitest';
import { elementAt, required } from './required.js';

it('gives an element that is there, and throws for any other place', () => {
  expect(elementAt([7, 8], 1)).toBe(8);
  expect(elementAt(Float32Array.of(0.5), 0)).toBe(0.5);
  for (const i of [-1, 2, Number.NaN]) expect(() => elementAt([7, 8], i)).toThrow(RangeError);
  expect(() => elementAt([7, 8], 2)).toThrow(/no element 2 in a list of 2/);
});

it('gives the value of a key, also undefined, and throws where there is no such key', () => {
  const map = new Map([['a', undefined]]);
  expect(required(map, 'a')).toBeUndefined();
  expect(() => required(map, 'b')).toThrow(RangeError);
});
