import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, type JsonValue, parseBoundedJson } from './bounded-json.js';

const seeded = { seed: 20170803 };

/** What `JSON.parse` gives, with lists of numbers flattened as the reader here does. */
function flattened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const first = value.flat(Number.POSITIVE_INFINITY)[0];
    const isNumbers = typeof first === 'number' && firstLeafIsNumber(value);
    return isNumbers ? Float64Array.from(value.flat(Number.POSITIVE_INFINITY) as number[]) : value.map(flattened);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flattened(item)]));
}

const firstLeafIsNumber = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && firstLeafIsNumber(value[0]) : typeof value === 'number';

const plain = (value: JsonValue): unknown => {
  if (value instanceof Float64Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
};

/** Lists are of numbers only or of none, as in every file that is read here. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }), fc.integer()),
    fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      { minLength: 1 },
    ),
    fc.array(fc.array(fc.integer(), { minLength: 1 }), { minLength: 1 }),
    fc.array(fc.oneof(fc.string(), fc.boolean())),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('tree'),
    ),
  ),
}));

describe('parseBoundedJson', () => {
  it('gives what JSON.parse gives, lists of numbers too where they are not packed', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const text = JSON.stringify(value);
        const found = parseBoundedJson(text, { packNumbers: false });
        expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(text));
      }),
      { ...seeded, numRuns: 1000 },
    );
  });

  it.each([
    [{ characters: 8 }, 'it has more than 8 characters'],
    [{ values: 3 }, 'it has more than 3 values'],
    [{ values: 3, packNumbers: false }, 'it has more than 3 values'],
  ])('refuses what is beyond %j', (bounds, message) => {
    expect(() => parseBoundedJson('{"a":[[],[],1]}', bounds)).toThrow(new JsonError(message));
    expect(parseBoundedJson('[1,2]', bounds)).toHaveLength(2);
  });

  it('gives what JSON.parse gives, lists of numbers packed', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(plain(parseBoundedJson(text))).toEqual(flattened(JSON.parse(text)));
      }),
      { ...seeded, numRuns: 2000 },
    );
  });

  it.each([
    ['nothing', '', 'a value'],
    ['an open list', '[1, 2', "']'"],
    ['a ragged end', '[[1], 2', "']'"],
    ['a comma too many', '[1, ]', 'a value'],
    ['a leading zero', '{"a": 01}', "'}'"],
    ['rest', '{} {}', 'its end'],
    ['a name twice', '{"a": 1, "a": 2}', 'twice'],
    ['NaN', '[NaN]', 'a value'],
    ['deep lists', '['.repeat(10_000), 'nested'],
    ['deep lists of numbers', `${'['.repeat(10_000)}1`, 'nested'],
    ['deep objects', '{"a":'.repeat(10_000), 'nested'],
    ['many tiny lists', `[""${',[]'.repeat(100_000)}]`, 'values'],
    ['many tiny members', `{${Array.from({ length: 50_000 }, (_, i) => `"${i}":0`).join()}}`, 'values'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseBoundedJson(text)).toThrow(JsonError);
    expect(() => parseBoundedJson(text)).toThrow(message);
  });
});
