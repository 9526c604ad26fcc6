import type { Engine } from '@nem/core';
import { BatchOrder, type Dataset, drawSamples } from '@nem/datasets';
import { randomness, toBatch } from '../engines/inputs.js';
import { notFiniteError, notFiniteInference, notFiniteUpdate, notFiniteWeights } from './not-finite.js';
import type { Snapshot } from './snapshots.js';
import { later, readWeights, type TrainingState, writeWeights } from './state.js';
import type { UpdatePipeline } from './update-pipeline.js';

const place = ({ epoch, step, update }: TrainingState) => `update ${update + 1} (epoch ${epoch}, step ${step + 1})`;

/**
 * Goes through an epoch's updates again from a snapshot, to find the first tensor that was not finite.
 * @param found where something was not finite: at the latest after the next update
 * @param symptom what was not finite there, told where all goes well this time
 * @throws RunError that names the update, the tensor and the samples
 */
export async function explainUpdates(
  engine: Engine,
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
      throw notFiniteError(place(state), tensor, 'training', indices);
    }
    weights = after;
  }
  const { indices } = updates.inputsOf({ ...found, step: Math.min(found.step, updates.length - 1) });
  throw notFiniteError(place(found), symptom, 'training', indices);
}

/** What a validation was computed on. */
interface Validation {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly seed: number;
  readonly batchSize: number;
  /** Inputs that were validated, the first ones. */
  readonly inputs: number;
}

/**
 * Goes through the validation inputs again, to find the first tensor that was not finite.
 * @throws RunError that names the epoch, the tensor and the samples
 */
export async function explainValidation(
  { engine, dataset, seed, batchSize, inputs }: Validation,
  { epoch, update }: TrainingState,
): Promise<never> {
  const size = Math.min(inputs, dataset.sizes.validation);
  const order = new BatchOrder({ size, batchSize, seed, shuffle: false });
  const where = `the validation of epoch ${epoch} (after update ${update})`;
  for (let b = 0; b < order.length; b++) {
    const indices = order.indices(b);
    const batch = toBatch(drawSamples(dataset, 'validation', indices));
    const result = await engine.infer(batch, randomness(seed, 'validation', b), { steps: 'all' });
    const tensor = notFiniteInference(result);
    if (tensor) throw notFiniteError(where, tensor, 'validation', indices);
  }
  throw notFiniteError(where, 'the mean loss', 'validation', []);
}
