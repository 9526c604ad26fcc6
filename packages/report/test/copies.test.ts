import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

it('an error of one copy of the package is an instance of the other copy’s class', async () => {
  const modules: typeof import('../src/index.js') = await import(new URL('../dist/index.js', import.meta.url).href);
  const required: typeof modules = createRequire(import.meta.url)('../dist/index.cjs');
  expect(modules.ReportError).not.toBe(required.ReportError);
  expect(new modules.ReportError('message')).toBeInstanceOf(required.ReportError);
  expect(new required.ReportError('message')).toBeInstanceOf(modules.ReportError);
  for (const other of [null, undefined, 5, {}, new Error('message')]) {
    expect((other as unknown) instanceof modules.ReportError).toBe(false);
  }
});
