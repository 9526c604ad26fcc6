import type { Engine } from '@nem/core';
import { BatchOrder, type Dataset, drawSamples } from '@nem/datasets';
import { RunError } from '../errors.js';
import { evaluate, randomness, toBatch } from '../evaluation/evaluate.js';
import type { Experiment } from '../experiments/index.js';
import type { EpochRecord } from '../report/index.js';

/** What a training run tells while it goes on. */
export interface TrainingEvents {
  /** After each update. */
  step(update: { epoch: number; step: number; steps: number; loss: number }): void;
  /** After each epoch; `best` where its validation loss is the lowest so far. */
  epoch(record: EpochRecord, best: boolean): Promise<void>;
}

export interface TrainOptions {
  readonly experiment: Experiment;
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly seed: number;
  /** Training ends, with a last validation, after so many minutes. Default: no limit. */
  readonly maxMinutes?: number;
  readonly events: TrainingEvents;
}

/** Why training ended. */
export type Ending = 'early stopping' | 'time limit' | 'last epoch';

/** Trains until early stopping, the last epoch or the time limit (method, section 6). */
export async function train(options: TrainOptions): Promise<Ending> {
  const { experiment, engine, dataset, seed, maxMinutes = Number.POSITIVE_INFINITY, events } = options;
  const deadline = performance.now() + maxMinutes * 60_000;
  let update = 0;
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0 };
  for (let epoch = 1; epoch <= experiment.epochs; epoch++) {
    const started = performance.now();
    const { updates, loss } = await trainEpoch(options, epoch, update, deadline);
    update += updates;
    const validation = await evaluate({
      engine,
      dataset,
      split: 'validation',
      count: experiment.validationInputs,
      components: experiment.components,
      batchSize: experiment.batchSize,
      seed,
    });
    const seconds = (performance.now() - started) / 1000;
    const improved = validation.loss < best.loss;
    if (improved) best = { loss: validation.loss, epoch };
    const record = {
      epoch,
      update,
      seconds,
      training: { loss },
      validation: { ...validation, adjustedMutualInfo: validation.adjustedMutualInfo.max },
    };
    await events.epoch(record, improved);
    if (performance.now() >= deadline) return 'time limit';
    if (epoch - best.epoch >= experiment.patience) return 'early stopping';
  }
  return 'last epoch';
}

/** One epoch's updates, or those until the deadline; `loss` is their mean. */
async function trainEpoch(
  { experiment, engine, dataset, seed, events }: TrainOptions,
  epoch: number,
  firstUpdate: number,
  deadline: number,
): Promise<{ updates: number; loss: number }> {
  const { batchSize } = experiment;
  const size = dataset.sizes.training;
  const order = new BatchOrder({ size, batchSize, seed, epoch, dropLast: size >= batchSize });
  let sum = 0;
  let updates = 0;
  while (updates < order.length && (updates === 0 || performance.now() < deadline)) {
    const samples = drawSamples(dataset, 'training', order.indices(updates));
    const { loss } = await engine.trainStep(toBatch(samples), randomness(seed, 'training', firstUpdate + updates));
    if (!Number.isFinite(loss)) {
      throw new RunError(
        `the loss is ${loss} at update ${firstUpdate + updates + 1}: lower the learning rate, e.g. --set learningRate=0.0003.`,
      );
    }
    sum += loss;
    updates++;
    events.step({ epoch, step: updates, steps: order.length, loss });
  }
  return { updates, loss: sum / updates };
}
