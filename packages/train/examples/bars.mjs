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

export const experiment = defineExperiment({ dataset: bars, components: 3, steps: 6 });
