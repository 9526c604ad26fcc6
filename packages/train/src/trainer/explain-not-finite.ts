import type { Engine } from '@nem/core';
import { BatchOrder, type Dataset, drawSamples } from '@nem/datasets';
import { randomness, toBatch } from '../engines/inputs.js';
import type { Experiment } from '../experiments/index.js';
import { notFiniteError, notFiniteInference, notFiniteUpdate, notFiniteWeights } from './not-finite.js';
import type { Snapshot } from './snapshots.js';
import { later, readWeights, type TrainingState, writeWeights } from './state.js';
import type { UpdatePipeline } from './update-pipeline.js';

/** What was trained, with what. */
interface Training {
  readonly engine: Engine;
  readonly experiment: Pick<Experiment, 'batchSize' | 'learningRate' | 'validationInputs'>;
}

const place = ({ epoch, step, update }: TrainingState) => `update ${update + 1} (epoch ${epoch}, step ${step + 1})`;

/**
 * Goes through an epoch's updates again from a snapshot, to find the first tensor that was not finite.
 * @param found where something was not finite: at the latest after the next update
 * @param symptom what was not finite there, told where all goes well this time
 * @throws RunError that names the update, the tensor and the samples
 */
export async function explainUpdates(
  { engine, experiment: { learningRate } }: Training,
  updates: Pick<UpdatePipeline, 'inputsOf' | 'length'>,
  snapshot: Snapshot,
  found: TrainingState,
  symptom: string,
): Promise<never> {
  let { state, weights } = snapshot;
  writeWeights(engine, weights);
  for (; state.update <= found.update && state.step < updates.length; state = later(state, 1)) {
    const { indices, batch, keys } = updates.inputsOf(state);
    const { loss } = await engine.trainStep(batch, keys);
    const after = await readWeights(engine);
    const broken = notFiniteWeights(after) ?? (Number.isFinite(loss) ? undefined : 'the loss');
    if (broken) {
      writeWeights(engine, weights);
      const tensor = (await notFiniteUpdate(engine, batch, keys)) ?? broken;
      throw notFiniteError(learningRate, place(state), tensor, 'training', indices);
    }
    weights = after;
  }
  const { indices } = updates.inputsOf({ ...found, step: Math.min(found.step, updates.length - 1) });
  throw notFiniteError(learningRate, place(found), symptom, 'training', indices);
}

/** What a validation was computed on. */
interface Validation extends Training {
  readonly dataset: Dataset;
  readonly seed: number;
}

/**
 * Goes through the validation inputs again, to find the first tensor that was not finite.
 * @throws RunError that names the epoch, the tensor and the samples
 */
export async function explainValidation(
  { engine, dataset, seed, experiment: { learningRate, batchSize, validationInputs } }: Validation,
  { epoch, update }: TrainingState,
): Promise<never> {
  const size = Math.min(validationInputs, dataset.sizes.validation);
  const order = new BatchOrder({ size, batchSize, seed, shuffle: false });
  const where = `the validation of epoch ${epoch} (after update ${update})`;
  for (let b = 0; b < order.length; b++) {
    const indices = order.indices(b);
    const batch = toBatch(drawSamples(dataset, 'validation', indices));
    const result = await engine.infer(batch, randomness(seed, 'validation', b), { steps: 'all' });
    const tensor = notFiniteInference(result);
    if (tensor) throw notFiniteError(learningRate, where, tensor, 'validation', indices);
  }
  throw notFiniteError(learningRate, where, 'the mean loss', 'validation', []);
}
