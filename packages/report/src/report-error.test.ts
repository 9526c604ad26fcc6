import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { ReportError } from './report-error.js';

it('a ReportError is told by its code, also one of another copy of the package', async () => {
  const modules = await import(new URL('../dist/index.js', import.meta.url).href);
  const required = createRequire(import.meta.url)('../dist/index.cjs');
  expect(modules.ReportError).not.toBe(required.ReportError);
  for (const copy of [modules, required]) {
    const error = new copy.ReportError('message');
    expect(error).toMatchObject({ name: 'ReportError', code: 'NEM_REPORT' });
    for (const type of [modules.ReportError, required.ReportError, ReportError])
      expect(error instanceof type).toBe(true);
  }
  class Own extends ReportError {}
  expect(new Own('message')).toBeInstanceOf(Own);
  expect(new ReportError('message')).not.toBeInstanceOf(Own);
  expect((new Error('message') as unknown) instanceof ReportError).toBe(false);
  expect((null as unknown) instanceof ReportError).toBe(false);
});
