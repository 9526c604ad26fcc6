import { describe, expect, it } from 'vitest';
import { adjustedMutualInfoScore } from './adjusted-mutual-information.js';
import { MetricInputError } from './errors.js';
import { ignoredLabel, type Labels, labelNumbers, requireSameLength } from './labels.js';

describe('labelNumbers', () => {
  it('takes plain and typed arrays as they are', () => {
    const labels = new Uint8Array([1, 2]);
    expect(labelNumbers(labels, 'labels')).toBe(labels);
  });

  it('converts 64-bit integers', () => {
    expect([...Float64Array.from(labelNumbers(new BigInt64Array([-3n, 9007199254740991n]), 'labels'))]).toEqual([
      -3, 9007199254740991,
    ]);
    expect(labelNumbers(new BigUint64Array([7n]), 'labels')[0]).toBe(7);
  });

  it('refuses a 64-bit integer that a number cannot hold', () => {
    expect(() => labelNumbers(new BigInt64Array([0n, 2n ** 53n]), 'labels')).toThrow(
      'labels[1] is 9007199254740992n, but labels are integers between -(2^53 - 1) and 2^53 - 1; number the clusters with such integers.',
    );
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [3, '3'],
    ['0011', '"0011"'],
    [{}, 'an object'],
    [{ length: -1 }, 'an object'],
    [Object.create(null), 'an object'],
    [() => [0], 'an object'],
    ['x'.repeat(1e6), `"${'x'.repeat(60)}…"`],
  ])('refuses a value that is not an array: %#', (value, shown) => {
    expect(() => labelNumbers(value as unknown as Labels, 'labelsTrue')).toThrow(
      `labelsTrue is ${shown}, but labels come as an array or typed array of integers; pass one label for each sample.`,
    );
  });
});

describe('a score of labels that are not integers', () => {
  it.each([
    [[0, 0.5], 'labelsPred[1] is 0.5'],
    [[0, Number.NaN], 'labelsPred[1] is NaN'],
    [[Number.POSITIVE_INFINITY, 0], 'labelsPred[0] is Infinity'],
    [[0, 2 ** 53], 'labelsPred[1] is 9007199254740992'],
    [[0, undefined], 'labelsPred[1] is undefined'],
    [[0, '1'], 'labelsPred[1] is "1"'],
    [[0, 1n], 'labelsPred[1] is 1n'],
    [[0, [1]], 'labelsPred[1] is an array'],
  ])('throws for %s', (labels, start) => {
    const score = () => adjustedMutualInfoScore([0, 1], labels as number[]);
    expect(score).toThrow(MetricInputError);
    expect(score).toThrow(
      `${start}, but labels are integers between -(2^53 - 1) and 2^53 - 1; number the clusters with such integers.`,
    );
  });

  it('checks the true labels and dropped samples too', () => {
    expect(() => adjustedMutualInfoScore([0, 1.5], [0, 1])).toThrow('labelsTrue[1] is 1.5');
    expect(() => adjustedMutualInfoScore([0, 1], [0.5, 1], { ignoreLabel: 0 })).toThrow('labelsPred[0] is 0.5');
  });
});

describe('requireSameLength', () => {
  it('names both lengths', () => {
    expect(() => requireSameLength([0, 1], [0])).toThrow(
      'labelsTrue has 2 labels but labelsPred has 1; pass two labelings of the same samples.',
    );
    expect(() => requireSameLength([], [])).not.toThrow();
  });
});

describe('ignoredLabel', () => {
  it('is NaN, which equals no label, by default', () => {
    expect(ignoredLabel(undefined)).toBeNaN();
    expect(ignoredLabel(-1)).toBe(-1);
  });

  it('refuses a value that is not a label', () => {
    expect(() => ignoredLabel(0.5)).toThrow(
      'ignoreLabel is 0.5, but labels are integers; pass an integer, or leave it out to score every position.',
    );
  });
});

describe('MetricInputError', () => {
  it('is an Error that says which input is at fault', () => {
    const error = new MetricInputError('labelsPred', 'A sentence.');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'MetricInputError', input: 'labelsPred', message: 'A sentence.' });
  });
});
