import { describe, expect, it } from 'vitest';
import { CompensatedSum } from './compensated-sum.js';

describe('CompensatedSum', () => {
  it('adds a million tenths to 100,000, where plain addition is off in the twelfth digit', () => {
    const sum = new CompensatedSum();
    let plain = 0;
    for (let i = 0; i < 1_000_000; i++) {
      sum.add(0.1);
      plain += 0.1;
    }
    expect(sum.value).toBe(100_000);
    expect(Math.abs(plain - 100_000)).toBeGreaterThan(1e-7);
  });

  it('starts again from 0', () => {
    const sum = new CompensatedSum();
    sum.add(1e20);
    sum.add(0.1);
    sum.reset();
    sum.add(3);
    expect(sum.value).toBe(3);
  });
});
