import { expect, it } from 'vitest';
import { upgradeEngine } from './older-config.js';

it("an engine native without worker threads is today's tensorflow, and that is said", () => {
  const { engine, notice } = upgradeEngine('native', undefined);
  expect(engine).toBe('tensorflow');
  expect(notice).toMatch(/^its engine is what older versions called native.*: it is called tensorflow now\.$/);
});

it.each([
  ['native', 2],
  ['tensorflow', undefined],
  ['cpu', undefined],
])('%s with %s worker threads is what it was', (engine, workers) => {
  expect(upgradeEngine(engine, workers)).toEqual({ engine });
});
