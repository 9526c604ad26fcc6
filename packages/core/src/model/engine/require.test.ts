import { deriveKey } from '@nem/random';
import { expect, it } from 'vitest';
import { InputError } from './input-error.js';
import { requireCount, requireFlag, requireKey } from './require.js';

it('takes keys of deriveKey, integers of at least 1, and booleans', () => {
  requireKey(deriveKey(3, 'parameters'));
  requireKey([0, 0xffffffff]);
  requireCount('the batch', 1);
  requireFlag('still', false);
});

it.each([
  undefined,
  null,
  7,
  '3',
  [1],
  [1, 2, 3],
  [1, -1],
  [0.5, 1],
  [1, 2 ** 32],
  ['1', '2'],
  new Array(2),
  new Uint32Array(2),
])('refuses %j as a key', (key) => {
  expect(() => requireKey(key)).toThrow(InputError);
  expect(() => requireKey(key)).toThrow(/^the key is .+: give one of deriveKey\(seed, 'parameters'\)\.$/);
});

it('names what is wrong, its value, and what to give', () => {
  const refused = (count: unknown) => new InputError(`the batch is ${count}: give an integer of at least 1.`);
  expect(() => requireCount('the batch', undefined)).toThrow(refused('missing'));
  expect(() => requireCount('the batch', 0)).toThrow(refused(0));
  expect(() => requireCount('the batch', 1.5)).toThrow(refused(1.5));
  expect(() => requireCount('the batch', '2')).toThrow(refused("'2'"));
  expect(() => requireFlag('still', undefined)).toThrow(new InputError('still is missing: give true or false.'));
  expect(() => requireFlag('still', 0)).toThrow(new InputError('still is 0: give true or false.'));
});
