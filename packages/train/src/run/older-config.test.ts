import { expect, it } from 'vitest';
import { upgradeComputing } from './older-config.js';

it("an engine native without worker threads is today's tensorflow, and that is said", () => {
  const { engine, notice } = upgradeComputing({ engine: 'native' });
  expect(engine).toBe('tensorflow');
  expect(notice).toMatch(/^its engine is what older versions called native.*: it is called tensorflow now\.$/);
});

it.each([
  ['native', 2],
  ['tensorflow', undefined],
  ['cpu', undefined],
])('%s with %s worker threads is what it was', (engine, workers) => {
  expect(upgradeComputing({ engine, workers })).toEqual({ engine });
});

it('half precision, as older versions wrote it, is the precision float16', () => {
  expect(upgradeComputing({ engine: 'webgpu', float16: true })).toEqual({ engine: 'webgpu', precision: 'float16' });
  expect(upgradeComputing({ engine: 'webgpu', float16: false })).toEqual({ engine: 'webgpu' });
  expect(upgradeComputing({ engine: 'webgpu', precision: 'float16' })).toMatchObject({ precision: 'float16' });
});
