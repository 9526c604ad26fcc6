import { deriveKey, fillUniform } from '@nem/random';
import { expect, it } from 'vitest';
import { binarize, otsuThreshold } from './threshold.js';

/** Grey values of bins, of which there are 256. */
const ofBins = (bins: ArrayLike<number>) => Float32Array.from(bins, (bin) => (bin + 0.5) / 256);

/** Sum of the squared distances to the mean of their part, of the values up to a threshold and of those above it. */
function varianceInside(grey: Float32Array, threshold: number): number {
  const parts = [grey.filter((value) => value <= threshold), grey.filter((value) => value > threshold)];
  return parts.reduce((sum, part) => {
    const mean = part.reduce((total, value) => total + value, 0) / part.length;
    return sum + part.reduce((total, value) => total + (value - mean) ** 2, 0);
  }, 0);
}

it('leaves the least variance inside the dark and the bright values', () => {
  for (let i = 0; i < 300; i++) {
    const draws = fillUniform(deriveKey(i, 'otsu'), new Float32Array(12));
    // Few different values, so that there are ties.
    const grey = ofBins(draws.map((draw) => Math.floor(draw * 6) * 51));
    const least = Math.min(...Array.from(grey, (value) => varianceInside(grey, value)));
    expect(varianceInside(grey, otsuThreshold(grey))).toBeCloseTo(least, 9);
  }
});

it('takes one of two thresholds that are equally good, and none between them', () => {
  const grey = ofBins([0, 126, 129, 255]);
  expect(varianceInside(grey, otsuThreshold(grey))).toBeCloseTo(varianceInside(grey, 0.1), 9);
  expect(varianceInside(grey, 0.5)).toBeGreaterThan(1.4 * varianceInside(grey, 0.1));
});

it('is in the middle between two brightnesses, and 0.5 where there is one', () => {
  expect(otsuThreshold(ofBins([10, 10, 10, 200]))).toBeCloseTo(105 / 256, 2);
  expect(otsuThreshold(ofBins([0, 255, 255]))).toBe(0.5);
  expect(otsuThreshold(ofBins([7, 7]))).toBe(0.5);
  expect([...binarize(Float32Array.of(0.25, 0.5, 0.75), 0.5)]).toEqual([0, 0, 1]);
});
