import { describe, expect, it } from 'vitest';
import { completenessScore, homogeneityCompletenessVMeasure, homogeneityScore, vMeasureScore } from './v-measure.js';

describe('homogeneityCompletenessVMeasure', () => {
  it('tells clusters that split classes from clusters that join them', () => {
    const split = homogeneityCompletenessVMeasure([0, 0, 1, 1], [0, 1, 2, 3]);
    expect(split.homogeneity).toBeCloseTo(1, 15);
    expect(split.completeness).toBeCloseTo(0.5, 15);
    expect(split.vMeasure).toBeCloseTo(2 / 3, 15);
    const joined = homogeneityCompletenessVMeasure([0, 1, 2, 3], [0, 0, 1, 1]);
    expect(joined.homogeneity).toBeCloseTo(0.5, 15);
    expect(joined.completeness).toBeCloseTo(1, 15);
  });

  it('gives the same as its three parts', () => {
    const labelsTrue = [0, 0, 0, 1, 1, 2, 2];
    const labelsPred = [1, 1, 2, 2, 3, 3, 3];
    const options = { ignoreLabel: 2 };
    expect(homogeneityCompletenessVMeasure(labelsTrue, labelsPred, options)).toEqual({
      homogeneity: homogeneityScore(labelsTrue, labelsPred, options),
      completeness: completenessScore(labelsTrue, labelsPred, options),
      vMeasure: vMeasureScore(labelsTrue, labelsPred, options),
    });
  });

  it('has scikit-learn’s limits', () => {
    const ones = { homogeneity: 1, completeness: 1, vMeasure: 1 };
    expect(homogeneityCompletenessVMeasure([], [])).toEqual(ones);
    expect(homogeneityCompletenessVMeasure([3, 3], [4, 4])).toEqual(ones);
    expect(homogeneityCompletenessVMeasure([0, 1], [4, 4])).toEqual({ homogeneity: 0, completeness: 1, vMeasure: 0 });
    expect(homogeneityCompletenessVMeasure([0, 0], [4, 5])).toEqual({ homogeneity: 1, completeness: 0, vMeasure: 0 });
  });
});

describe('vMeasureScore', () => {
  it('weighs completeness by beta', () => {
    const score = (beta: number) => vMeasureScore([0, 0, 1, 1], [0, 1, 2, 3], { beta });
    // h = 1, c = 1/2: (1 + β) / 2 / (β + 1/2)
    expect(score(0)).toBeCloseTo(1, 15);
    expect(score(1)).toBeCloseTo(2 / 3, 15);
    expect(score(3)).toBeCloseTo(4 / 7, 15);
    expect(vMeasureScore([0, 0], [4, 5], { beta: 0 })).toBe(0);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses beta = %d', (beta) => {
    expect(() => vMeasureScore([0], [0], { beta })).toThrow(
      `beta is ${beta}, but it must be a finite number of at least 0.`,
    );
  });
});
