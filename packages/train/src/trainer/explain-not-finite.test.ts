import type { Engine, NamedArrays } from '@nem/core';
import { BatchOrder } from '@nem/datasets';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngine } from '../engines/create-engine.js';
import { tinySpec } from '../engines/tiny-spec.fixture.js';
import { EXIT_CODES } from '../errors.js';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { explainUpdates, explainValidation } from './explain-not-finite.js';
import { Snapshots } from './snapshots.js';
import { later, readWeights, START } from './state.js';
import { UpdatePipeline } from './update-pipeline.js';

const spec = tinySpec({ image: [6, 8] });
const dataset = movingDots(1, 8);
const data = { dataset, batchSize: 4, seed: 5 };
const experiment = { batchSize: 4, learningRate: 0.0001, validationInputs: 8 };
const engines: Engine[] = [];

async function prepared(learningRate: number) {
  const engine = await createEngine('cpu', { ...spec, optimizer: { learningRate } }, 1);
  engines.push(engine);
  const updates = new UpdatePipeline({ engine, ...data }, 1);
  return { engine, updates, snapshots: await Snapshots.begin(engine, START) };
}

afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

const noExplanation = () => Promise.reject(new Error('the weights are finite'));

describe('explainUpdates', () => {
  it('names the first update, tensor and samples, from the snapshot on', async () => {
    const { engine, updates, snapshots } = await prepared(1e38);
    const failure = await explainUpdates(
      { engine, experiment },
      updates,
      snapshots.newest,
      later(START, 1),
      'a symptom',
    ).catch((error: unknown) => error);
    const samples = new BatchOrder({ size: 8, batchSize: 4, seed: 5, epoch: 1 }).indices(1);
    expect(failure).toMatchObject({ exitCode: EXIT_CODES.notFinite });
    expect((failure as Error).message).toContain(`at update 2 (epoch 1, step 2): the first tensor that is not is `);
    expect((failure as Error).message).toContain(`on the training samples ${Array.from(samples).join(', ')};`);
    expect((failure as Error).message).toContain('with a lower learning rate, e.g. learningRate=0.00003;');
  });

  it('names the symptom where all is finite this time', async () => {
    const { engine, updates, snapshots } = await prepared(0.001);
    await expect(
      explainUpdates({ engine, experiment }, updates, snapshots.newest, later(START, 1), 'a symptom'),
    ).rejects.toThrow(
      'at update 2 (epoch 1, step 2): the first tensor that is not is a symptom, on the training samples',
    );
  });
});

describe('explainValidation', () => {
  it('names the first tensor and the samples, or the mean loss where none is found', async () => {
    const { engine } = await prepared(0.001);
    const validation = { engine, dataset, seed: 5, experiment };
    await expect(explainValidation(validation, later(START, 2))).rejects.toThrow(
      'at the validation of epoch 1 (after update 2): the first tensor that is not is the mean loss',
    );
    const { 'output.0.bias': bias, ...others } = await engine.parameters();
    const spoilt: NamedArrays = { ...others, 'output.0.bias': { ...bias!, values: bias!.values.with(0, Number.NaN) } };
    engine.setParameters(spoilt);
    await expect(explainValidation(validation, START)).rejects.toThrow(
      'is ψ of step 1 (NaN at index 0), on the validation samples 0, 1, 2, 3;',
    );
  });
});

describe('Snapshots', () => {
  it('copies the weights once an update, and is due again 64 updates later', async () => {
    const { engine, snapshots } = await prepared(0.001);
    const first = snapshots.newest.weights;
    expect(await snapshots.take({ ...START, lossSum: 3 }, noExplanation)).toBe(first);
    expect(snapshots.newest.state.lossSum).toBe(3);
    expect([snapshots.isDue(later(START, 63)), snapshots.isDue(later(START, 64))]).toEqual([false, true]);
    const next = await snapshots.take(later(START, 64), noExplanation);
    expect(next).toEqual(await readWeights(engine));
    // The memory of the one before the newest is used again.
    const third = await snapshots.take(later(START, 65), noExplanation);
    expect(Object.values(third.parameters)[0]!.values.buffer).toBe(Object.values(first.parameters)[0]!.values.buffer);
  });

  it('keeps the newest finite weights, and tells the first tensor that is not', async () => {
    const { engine, snapshots } = await prepared(0.001);
    const { 'recurrent.bias': bias, ...others } = await engine.parameters();
    engine.setParameters({ ...others, 'recurrent.bias': { ...bias!, values: bias!.values.with(2, Number.NaN) } });
    const told = snapshots.take(later(START, 1), (tensor) => Promise.reject(new Error(tensor)));
    await expect(told).rejects.toThrow('the parameter recurrent.bias (NaN at index 2)');
    expect(snapshots.newest.state).toEqual(START);
  });
});
