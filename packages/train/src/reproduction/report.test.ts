import { expect, it } from 'vitest';
import { reproductionReport } from './report.js';
import { reproductionSummary } from './summary.js';

const whole = { results: [], runs: [], seeds: 5, set: [] };

it('says by which recipe networks were trained, and nothing of the paper’s settings', () => {
  const paper = reproductionReport(whole);
  expect([paper.notice, paper.introduction?.includes('recipe')]).toEqual([undefined, false]);
  expect(reproductionSummary(whole).recipe).toBeUndefined();
  const fast = reproductionReport({ ...whole, recipe: 'fast' });
  expect(fast.notice).toBe("Trained by the recipe fast, which is not how the paper's networks were trained.");
  expect(fast.introduction).toContain(' Every network was trained by the recipe fast.');
  expect(reproductionSummary({ ...whole, recipe: 'fast' })).toMatchObject({ recipe: 'fast', rehearsal: false });
});

it('says of a rehearsal what was cut, and its recipe', () => {
  const { notice } = reproductionReport({ ...whole, seeds: 1, recipe: 'fast', maxMinutes: 2 });
  expect(notice).toMatch(/^A rehearsal, not a reproduction: .* 2 min\. .* Trained by the recipe fast, /);
});
