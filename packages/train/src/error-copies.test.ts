import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type * as library from './index.js';

/** The errors that a caller can meet, each made by one copy of the package. */
const errors: Record<string, [code: string, make: (copy: typeof library) => Error]> = {
  UsageError: ['NEM_USAGE', ({ UsageError }) => new UsageError('message')],
  RunError: ['NEM_RUN', ({ RunError }) => new RunError('message')],
  EngineError: ['NEM_RUN_ENGINE', ({ EngineError }) => new EngineError('workerLost', 'message')],
  CheckpointError: ['NEM_CHECKPOINT', ({ CheckpointError }) => new CheckpointError('message')],
};

it("errors of one copy of the package are instances of the other copy's classes", async () => {
  const modules: typeof library = await import(new URL('../dist/index.js', import.meta.url).href);
  const required: typeof library = createRequire(import.meta.url)('../dist/index.cjs');
  for (const [one, other] of [
    [modules, required],
    [required, modules],
  ] as const) {
    for (const [name, [code, make]] of Object.entries(errors)) {
      const error = make(one);
      expect(error).toMatchObject({ name, code });
      for (const [another, [otherCode]] of Object.entries(errors)) {
        const type = (other as unknown as Record<string, new () => Error>)[another] as new () => Error;
        expect(error instanceof type).toBe(`${code}_`.startsWith(`${otherCode}_`));
        expect(error.constructor).not.toBe(type);
      }
    }
  }
});
