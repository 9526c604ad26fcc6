import { expect, it } from 'vitest';
import { totalLoss } from './objective.js';

it('sums the weighted losses of the steps', () => {
  const losses = [
    { intra: 1, inter: 10, upper: 0 },
    { intra: 2, inter: 20, upper: 0 },
  ];
  // 0 · (1 + 0.5 · 10) + 3 · (2 + 0.5 · 20)
  expect(totalLoss({ interWeight: 0.5, stepWeights: [0, 3], gammaGradient: false }, losses)).toBe(36);
});
