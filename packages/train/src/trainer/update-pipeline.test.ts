import type { Engine, FrameBatch, Randomness } from '@nem/core';
import { BatchOrder } from '@nem/datasets';
import { describe, expect, it } from 'vitest';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { later, START, type TrainingState } from './state.js';
import { UpdatePipeline } from './update-pipeline.js';

const SEED = 7;
const BATCH = 3;
const dataset = movingDots(2, 10);

/** An engine that notes its calls, the frames as they were then; the loss of call n is n. */
function noting(stepsInFlight?: number, fails = 0) {
  const calls: { frames: Float32Array; randomness: Randomness }[] = [];
  const prepared: FrameBatch[] = [];
  const engine = {
    stepsInFlight,
    prepare: (batch: FrameBatch) => void prepared.push(batch),
    async trainStep({ frames }: FrameBatch, randomness: Randomness) {
      calls.push({ frames: frames.slice(), randomness });
      if (calls.length === fails) throw new Error(`no update ${fails}`);
      return { loss: calls.length };
    },
  } as Partial<Engine> as Engine;
  return { calls, prepared, updates: new UpdatePipeline({ engine, dataset, batchSize: BATCH, seed: SEED }, 1) };
}

describe('UpdatePipeline', () => {
  it('asks for the updates of an epoch with its batches, each drawn while the one before computes', async () => {
    const { calls, prepared, updates } = noting();
    const order = new BatchOrder({ size: 10, batchSize: BATCH, seed: SEED, epoch: 1, dropLast: true });
    expect(updates.length).toBe(order.length);
    const losses: number[] = [];
    for (let state: TrainingState = START; state.step < updates.length; state = later(state, 1)) {
      await updates.ask(state);
      expect(updates.isFull).toBe(true);
      losses.push(await updates.settle());
      expect(updates.inFlight).toBe(0);
    }
    expect(losses).toEqual([1, 2, 3]);
    // The last one has none after it in this epoch.
    expect(prepared).toHaveLength(2);
    const inputs = [0, 1, 2].map((step) => noting().updates.inputsOf(later(START, step)));
    expect(calls.map(({ frames }) => frames)).toEqual(inputs.map(({ batch }) => batch.frames));
    expect(calls.map(({ randomness }) => randomness)).toEqual(inputs.map(({ keys }) => keys));
    expect(inputs.map(({ indices }) => indices)).toEqual([0, 1, 2].map((step) => order.indices(step)));
  });

  it('has the order of another epoch once that has started', () => {
    const { updates } = noting();
    updates.startEpoch(2);
    const order = new BatchOrder({ size: 10, batchSize: BATCH, seed: SEED, epoch: 2, dropLast: true });
    expect(updates.inputsOf(START).indices).toEqual(order.indices(0));
  });

  it('keeps the frames of all updates under way and of the next one', async () => {
    const { calls, prepared, updates } = noting(2);
    await updates.ask(START);
    expect(updates.isFull).toBe(false);
    await updates.ask(later(START, 1));
    expect([updates.inFlight, updates.isFull]).toEqual([2, true]);
    expect(prepared[0]!.frames).toEqual(calls[1]!.frames);
    expect(new Set(prepared.map(({ frames }) => frames)).size).toBe(2);
  });

  it('tells a failure where its update is settled, and forgets those under way', async () => {
    const { updates } = noting(2, 2);
    await updates.ask(START);
    await updates.ask(later(START, 1));
    expect(await updates.settle()).toBe(1);
    await expect(updates.settle()).rejects.toThrow('no update 2');
    await updates.abandon();
    expect(updates.inFlight).toBe(0);
    await expect(updates.settle()).rejects.toThrow('no update is under way');
  });
});
