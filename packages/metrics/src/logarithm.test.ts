import { describe, expect, it } from 'vitest';
import { logRatio } from './logarithm.js';

describe('logRatio', () => {
  it('is the logarithm of the quotient', () => {
    expect(logRatio(8, 2)).toBeCloseTo(Math.log(4), 15);
    expect(logRatio(1, 1_000_000)).toBeCloseTo(-Math.log(1_000_000), 14);
    expect(logRatio(12345, 12345)).toBe(0);
  });

  it('keeps every digit where both are close', () => {
    // log(1 + 1e-12) = 1e-12 - 0.5e-24 + …; the quotient itself holds only four of these digits.
    expect(logRatio(1e12 + 1, 1e12) / (1e-12 - 0.5e-24)).toBeCloseTo(1, 15);
    expect(logRatio(1e12, 1e12 + 1) / -(1e-12 - 0.5e-24)).toBeCloseTo(1, 15);
  });
});
