import { allocateSamples, type Dataset, SPLITS } from '@nem/datasets';

/** Samples between two pauses. */
const BETWEEN_PAUSES = 256;

/**
 * Draws every sample of a file once, to find an invalid value before training starts. Data that are drawn from random
 * numbers need no look.
 * @param pause waited for now and then; what it throws ends the look
 * @throws DatasetError for the first sample that cannot be used
 */
export async function lookThrough(dataset: Dataset, pause: () => Promise<void>): Promise<void> {
  const room = allocateSamples(dataset, 1);
  for (const split of SPLITS) {
    for (let index = 0; index < dataset.sizes[split]; index++) {
      if (index % BETWEEN_PAUSES === 0) await pause();
      dataset.draw(split, index, room, 0);
    }
  }
}
