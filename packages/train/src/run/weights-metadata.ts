import { type ModelDescription, ModelMetadataError, modelMetadata } from '@nem/core';
import { UsageError } from '../errors.js';
import type { Experiment } from '../experiments/index.js';
import type { EpochRecord } from './epoch-record.js';

/** What using a network takes, of the experiment that it was trained by. */
export function describeModel(experiment: Experiment): ModelDescription {
  const { network, mixture, dataset, components, steps, noise, lossSteps } = experiment;
  // Of a file only its content says whether it holds sequences; for still images the last step's loss is the one that counts.
  const still = dataset.type === 'hdf5' ? lossSteps === 'last' : !('frames' in dataset) || dataset.frames === 1;
  return { network, mixture, image: [dataset.height, dataset.width], components, steps, still, noise };
}

/**
 * Metadata of weights: the network, and how it was trained. The same run gives the same bytes, so no times are among them.
 * @param config of the run: the experiment and, beside it, what else decides its result
 * @param epoch that the weights are of, where it is known; `validation`: its scores, where there are any yet
 */
export function weightsMetadata<C extends { readonly experiment: Experiment }>(
  { experiment, ...how }: C,
  epoch?: Pick<EpochRecord, 'epoch' | 'update'> & Partial<Pick<EpochRecord, 'validation'>>,
): Record<string, string> {
  const reached = epoch && { epoch: epoch.epoch, updates: epoch.update, validation: epoch.validation };
  return modelMetadata(describeModel(experiment), { ...how, ...reached, experiment });
}

/**
 * Looked at before a run begins: its first weights may come minutes later.
 * @throws UsageError where the options of the data are more than a file of weights holds
 */
export function requireMetadata(config: { readonly experiment: Experiment }): void {
  try {
    weightsMetadata(config);
  } catch (error) {
    if (!(error instanceof ModelMetadataError)) throw error;
    throw new UsageError(
      `files of weights record the experiment, and this one is too large (${error.message})`,
      'give the dataset fewer options.',
    );
  }
}
