import { expect, it } from 'vitest';
import { Room } from './room.js';

it('gives the same memory again, and more where asked for', () => {
  const made: number[] = [];
  const room = new Room((length) => {
    made.push(length);
    return new Float32Array(length);
  });
  const lengths = [8, 2, 8, 9, 10, 1, 20];
  const taken = lengths.map((length) => room.take(length));
  expect(taken.map(({ length }) => length)).toEqual(lengths);
  // Exactly what is asked for at first, then a quarter more than before at least.
  expect(made).toEqual([0, 8, 10, 20]);
  const [first, second, , fourth, , sixth] = taken.map(({ buffer }) => buffer);
  expect(second).toBe(first);
  expect(sixth).toBe(fourth);
});
