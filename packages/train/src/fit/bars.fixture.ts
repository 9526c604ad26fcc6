import { type Dataset, type DatasetDefinition, defineDataset } from '@nem/datasets';
import { type DefinedExperiment, defineExperiment } from '../experiments/index.js';

/** A row and a column that cross on a 5×5 image. */
export const bars = (over: Partial<DatasetDefinition> = {}): Dataset =>
  defineDataset({
    name: 'bars',
    height: 5,
    width: 5,
    objects: 2,
    sizes: { training: 8, validation: 4, test: 4 },
    draw({ random, height, width, light }) {
      const [row, column] = [random.integer(height), random.integer(width)];
      for (let i = 0; i < 5; i++) {
        light(1, row, i);
        light(2, i, column);
      }
    },
    ...over,
  });

/** N-EM on them, for two epochs of two updates. */
export const barsExperiment = (dataset = bars()): DefinedExperiment =>
  defineExperiment({
    ...{ dataset, components: 2, steps: 2, batchSize: 4, epochs: 2 },
    network: { type: 'n-em', size: 3 },
  });
