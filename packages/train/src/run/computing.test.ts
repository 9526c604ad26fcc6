import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { findExperiment } from '../experiments/index.js';
import { computingOf, resumedComputing, withComputing } from './computing.js';
import type { RunConfig } from './run-config.js';

const experiment = findExperiment('static-shapes');
const wasm: RunConfig = { experiment, engine: 'wasm', workers: 3, kernels: 'simd', seed: 0 };
const unexpected = () => expect.unreachable();

it('a new run has the engine and the number of workers that are asked for, one a core by default', async () => {
  expect(await computingOf({ engine: 'wasm' })).toMatchObject({ engine: 'wasm', workers: availableParallelism() });
  expect(await computingOf({ engine: 'wasm', workers: 3 })).toMatchObject({ workers: 3, precision: undefined });
  expect(await computingOf({ engine: 'cpu' })).toEqual({ engine: 'cpu' });
});

describe('a run that goes on', () => {
  it('is computed as it was, unless something else is asked for', async () => {
    expect(await resumedComputing(wasm, {})).toMatchObject({ engine: 'wasm', workers: 3 });
    expect(await resumedComputing(wasm, { workers: 5 })).toMatchObject({ engine: 'wasm', workers: 5 });
    expect(await resumedComputing(wasm, { engine: 'cpu' })).toEqual({ engine: 'cpu' });
    const cpu: RunConfig = { experiment, engine: 'cpu', seed: 0 };
    expect(await resumedComputing(cpu, { engine: 'wasm' })).toMatchObject({ workers: availableParallelism() });
    const half: RunConfig = { experiment, engine: 'webgpu', precision: 'float16', seed: 0 };
    expect(await resumedComputing(half, {})).toEqual({ engine: 'webgpu', precision: 'float16' });
  });

  it.each<[string, { engine: string; workers?: number }, string]>([
    ['workers', { workers: 2, engine: 'cpu' }, "the engine 'cpu' has no worker threads"],
    ['its precision', { engine: 'wasm' }, "the run computes in bfloat16, and the engine 'wasm' does not: use"],
    ['a name', { engine: 'abacus' }, "unknown engine 'abacus'"],
  ])('is refused by an engine without %s', async (_, asked, sentence) => {
    const config: RunConfig = { experiment, engine: 'native', workers: 2, precision: 'bfloat16', seed: 0 };
    const refused = resumedComputing(asked.workers ? wasm : config, asked);
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toThrow(UsageError);
  });

  const same = { engine: 'wasm', workers: 3, kernels: 'simd' } as const;
  it.each([
    [{ kernels: 'relaxed' }, 'the kernels are relaxed, and so far were simd'],
    [
      { kernels: 'relaxed', workers: 1 },
      'the number of worker threads is 1, and so far was 3; the kernels are relaxed, and so far were simd',
    ],
    [{ engine: 'cpu', workers: undefined, kernels: undefined }, 'the engine is cpu, and so far was wasm'],
  ] as const)('says so where what computes it is %j now, and records it', (change, changes) => {
    const said: string[] = [];
    const now = { ...same, ...change };
    expect(withComputing(wasm, now, (line) => said.push(line))).toEqual({ ...wasm, ...change });
    expect(said).toEqual([`${changes}: results will differ in their last bits from those without the change.`]);
  });

  it('says nothing where nothing has changed, and names the kernels of an older version', () => {
    expect(withComputing(wasm, same, unexpected)).toBe(wasm);
    const older: RunConfig = { experiment, engine: 'wasm', seed: 0 };
    expect(withComputing(older, { engine: 'wasm', workers: 2 }, unexpected)).toBe(older);
    const said: string[] = [];
    withComputing(older, same, (line) => said.push(line));
    expect(said[0]).toContain('the kernels are simd, and so far were those of an older version: ');
  });
});
