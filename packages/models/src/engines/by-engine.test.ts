import type { Engine, EngineSpec, Inference } from '@nem/core';
import { expect, it } from 'vitest';
import { stillModel } from '../small-model.fixture.js';
import { byEngine, type MakeEngine } from './by-engine.js';

/** An engine whose inference ends when it is told to. */
function standIn(events: string[], { components: K, objective: { stepWeights } }: EngineSpec) {
  let finish: (found: Inference) => void = () => undefined;
  const name = `${K}×${stepWeights.length}`;
  const inference = new Promise<Inference>((resolve) => {
    finish = resolve;
  });
  const engine = {
    setParameters: () => undefined,
    infer: () => inference,
    dispose: () => void events.push(`${name} disposed`),
  } as unknown as Engine;
  return { engine, finish: () => finish({} as Inference) };
}

const nothing = new Float32Array();
const unrolling = (components: number) =>
  ({ components, steps: 2, batch: 1, frames: nothing, corrupted: nothing, gamma0: nothing, keep: 'last' }) as const;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const unrollerOn = (make: MakeEngine) => byEngine('given', make)(stillModel, {});

it('disposes of an engine once no unroll uses it', async () => {
  const events: string[] = [];
  const made: ReturnType<typeof standIn>[] = [];
  const unroller = unrollerOn((spec) => {
    made.push(standIn(events, spec));
    return made.at(-1)!.engine;
  });
  const [first, again, second] = [2, 2, 3].map((components) => unroller.unroll(unrolling(components)));
  await settled();
  expect([made.length, events]).toEqual([2, []]);
  made[0]!.finish();
  await Promise.all([first, again]);
  await settled();
  expect(events).toEqual(['2×2 disposed']);
  unroller.dispose();
  await settled();
  expect(events).toEqual(['2×2 disposed']);
  made[1]!.finish();
  await second;
  await settled();
  expect(events).toEqual(['2×2 disposed', '3×2 disposed']);
});

it('tries anew to make an engine that could not be made', async () => {
  let tries = 0;
  const unroller = unrollerOn((spec) => {
    tries++;
    if (tries === 1) throw new Error('busy');
    const { engine, finish } = standIn([], spec);
    finish();
    return engine;
  });
  await expect(unroller.unroll(unrolling(2))).rejects.toThrow('busy');
  await expect(unroller.unroll(unrolling(2))).resolves.toEqual({});
  expect(tries).toBe(2);
});

it('keeps no engine that is made after it was disposed of, as one for the rest of a batch is', async () => {
  const events: string[] = [];
  const unroller = unrollerOn((spec) => {
    const { engine, finish } = standIn(events, spec);
    finish();
    return engine;
  });
  unroller.dispose();
  await unroller.unroll(unrolling(2));
  await settled();
  expect(events).toEqual(['2×2 disposed']);
});
