import { expect, it } from 'vitest';
import { Room } from './room.js';

it('gives the same memory again, and more where asked for', () => {
  const made: number[] = [];
  const room = new Room((length) => {
    made.push(length);
    return new Float32Array(length);
  });
  const lengths = [3, 2, 3, 5, 1];
  const taken = lengths.map((length) => room.take(length));
  expect(taken.map(({ length }) => length)).toEqual(lengths);
  expect(made).toEqual([0, 3, 5]);
  expect(taken[1].buffer).toBe(taken[0].buffer);
  expect(taken[4].buffer).toBe(taken[3].buffer);
});
