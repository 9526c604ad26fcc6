import { defineDataset } from '@nem/datasets';
import { defineExperiment } from '@nem/train';

/** A row and a column that cross: two objects that a network is to tell apart. */
const bars = defineDataset({
  name: 'bars',
  height: 12,
  width: 12,
  objects: 2,
  draw({ random, light }) {
    const [row, column] = [random.integer(12), random.integer(12)];
    for (let i = 0; i < 12; i++) {
      light(1, row, i);
      light(2, i, column);
    }
  },
});

const output = [{ type: 'dense', size: 12 * 12, activation: 'sigmoid' }];
const network = { type: 'rnn-em', input: [], recurrent: { size: 100, activation: 'sigmoid' }, output };
export const experiment = defineExperiment({ dataset: bars, network, components: 3, steps: 6 });
