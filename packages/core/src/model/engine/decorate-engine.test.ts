import { expect, it } from 'vitest';
import { decorateEngine } from './decorate-engine.js';
import type { Engine } from './engine.js';

/** An engine with state of its own, which only methods called on itself can reach. */
class Counter implements Partial<Engine> {
  readonly name = 'counter';
  readonly device: string = 'abacus';
  #count = 0;

  async trainStep() {
    return { loss: ++this.#count };
  }

  setParameters(): void {
    this.#count = 0;
  }

  dispose(): void {
    this.#count = Number.NaN;
  }
}

const counter = () => new Counter() as Counter & Engine;

it('leaves what is not decorated to the engine, on which its methods are called', async () => {
  const engine = counter();
  const decorated = decorateEngine(engine, {});
  expect([decorated.name, decorated.device, decorated.prepare]).toEqual(['counter', 'abacus', undefined]);
  expect(await decorated.trainStep()).toEqual({ loss: 1 });
  expect(await engine.trainStep()).toEqual({ loss: 2 });
});

it('puts members in place of the engine’s, also ones that it does not have', async () => {
  const engine = counter();
  const prepared: unknown[] = [];
  const decorated = decorateEngine(engine, {
    members: {
      device: 'slide rule',
      prepare: (batch) => void prepared.push(batch),
      trainStep: async () => ({ loss: 10 * (await engine.trainStep()).loss }),
    },
  });
  const batch = { frames: new Float32Array(0), batch: 0 };
  decorated.prepare?.(batch, { corrupted: batch.frames, gamma0: batch.frames });
  expect([decorated.name, decorated.device, prepared]).toEqual(['counter', 'slide rule', [batch]]);
  expect(await decorated.trainStep()).toEqual({ loss: 10 });
});

it('runs every other call inside what is around', async () => {
  const calls: PropertyKey[] = [];
  const decorated = decorateEngine(counter(), {
    members: { dispose: () => undefined },
    around(call, method) {
      calls.push(method);
      return call();
    },
  });
  expect(await decorated.trainStep()).toEqual({ loss: 1 });
  decorated.setParameters();
  decorated.dispose();
  expect(await decorated.trainStep()).toEqual({ loss: 1 });
  expect(calls).toEqual(['trainStep', 'setParameters', 'trainStep']);
});
