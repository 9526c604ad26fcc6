import { describe, expect, it } from 'vitest';
import { entropy } from './entropy.js';

describe('entropy', () => {
  it('is the entropy of the shares of the samples, in nats', () => {
    expect(entropy([1, 1, 2, 3])).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(4), 15);
    expect(entropy(new Uint8Array([9, 9, 4, 4]))).toBeCloseTo(Math.log(2), 15);
    expect(entropy([-(2 ** 40), 2 ** 40, 0])).toBeCloseTo(Math.log(3), 15);
  });

  it('is 0 for one cluster and, as in scikit-learn, 1 for no labels', () => {
    expect(entropy([4, 4, 4])).toBe(0);
    expect(entropy([])).toBe(1);
  });

  it('keeps its digits where one sample of a million is in a cluster of its own', () => {
    const labels = new Uint8Array(1_000_000);
    labels[123] = 1;
    // -(1 - p) log(1 - p) - p log p for p = 1e-6, computed with 30 digits.
    expect(entropy(labels) / 1.4815510057964108e-5).toBeCloseTo(1, 13);
  });

  it('refuses a value that is not a label', () => {
    expect(() => entropy([0, 1.5])).toThrow('labels[1] is 1.5, but labels are integers');
  });
});
