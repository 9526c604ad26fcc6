import { describe, expect, it } from 'vitest';
import { HypergeometricSum } from './hypergeometric.js';

// [a, b, n, Σ_k P(k) k log(n k / (a b))], summed in arithmetic of 40 digits (mpmath) over every k that matters, with P
// checked against log-gamma at the mode.
const REFERENCE = [
  [3, 4, 10, 0.3069636690500326],
  [157, 150, 784, 0.3259946073630113],
  [783, 783, 784, 8.141559656722201e-7],
  [1, 1, 784, 0.008500521709630622],
  [392, 392, 784, 0.12523970227541723],
  [4096, 4096, 8192, 0.12502289315222093],
  [4097, 4097, 8194, 0.1250228875632238],
  [5000, 7000, 20000, 0.24378918738154537],
  [9999, 9999, 10000, 5.0003333750061675e-9],
  [50000, 40000, 100000, 0.15000262506250248],
  [500000, 500000, 1000000, 0.12500018750033334],
  [999999, 999999, 1000000, 5.0000033333375e-13],
  [10000, 5000, 1000000, 0.49422560579786834],
  [10000, 20000, 1000000000, 0.34850285820710386],
  [4000, 900000, 1000000, 0.04980439871834347],
  [125, 143, 1000000, 0.07215267630579983],
  [300000000, 500000000, 1000000000, 0.17500000037916666],
] as const;

describe('HypergeometricSum', () => {
  const sum = new HypergeometricSum();

  it.each(REFERENCE)('a = %i, b = %i, n = %i agrees with 40-digit arithmetic', (a, b, n, reference) => {
    // What the cell adds to the expected mutual information, which is at most log(n), is this divided by n.
    expect(Math.abs(sum.cell(a, b, n) - reference) / n).toBeLessThan(2e-15);
  });

  it.each(REFERENCE.filter(([a, b]) => Math.min(a, b) > 4096))(
    'a = %i, b = %i, n = %i: large clusters to nine digits of the sum itself',
    (a, b, n, reference) => {
      expect(Math.abs(sum.cell(a, b, n) / reference - 1)).toBeLessThan(1e-9);
    },
  );

  it('agrees with the sum over binomials, exact as big integers, for every pair of sizes of 40 samples', () => {
    for (let a = 1; a <= 40; a++) {
      for (let b = 1; b <= 40; b++) {
        expect(Math.abs(sum.cell(a, b, 40) - direct(a, b, 40))).toBeLessThan(1e-12);
      }
    }
  });

  it('is 0 where a cluster holds every sample', () => {
    expect(sum.cell(5, 40, 40)).toBe(0);
    expect(sum.cell(40, 40, 40)).toBe(0);
  });

  it('does not depend on the order of the sizes', () => {
    expect(sum.cell(12, 30, 50)).toBeCloseTo(sum.cell(30, 12, 50), 13);
    expect(sum.cell(5000, 9000, 50000)).toBeCloseTo(sum.cell(9000, 5000, 50000), 13);
  });
});

/** The sum as it is written, term by term. */
function direct(a: number, b: number, n: number): number {
  let sum = 0;
  for (let k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
    const ways = choose(a, k) * choose(n - a, b - k);
    sum += (Number(ways) / Number(choose(n, b))) * k * Math.log((n * k) / (a * b));
  }
  return sum;
}

function choose(n: number, k: number): bigint {
  let ways = 1n;
  for (let i = 1; i <= k; i++) ways = (ways * BigInt(n - k + i)) / BigInt(i);
  return ways;
}
