import { expect, it } from 'vitest';
import { shown } from './shown.js';

it.each<[unknown, string]>([
  [0, '0'],
  ['0', "'0'"],
  ['two\nlines', "'two\\nlines'"],
  ['x'.repeat(1e6), `'${'x'.repeat(60)}…'`],
  [Number.NaN, 'NaN'],
  [Number('1e400'), 'Infinity'],
  [undefined, 'undefined'],
  [null, 'null'],
  [3n, '3n'],
  [Symbol('s'), 'Symbol(s)'],
  [['x'.repeat(1e6)], 'an array'],
  [{ toString: () => 'x'.repeat(1e6) }, 'an object'],
  [() => 'x', 'an object'],
  [Object.create(null), 'an object'],
])('%# is shown', (value, text) => {
  expect(shown(value)).toBe(text);
});
