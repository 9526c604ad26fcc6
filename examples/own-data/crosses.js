// Data and a network of one's own: rings and crosses on 14 × 14 pixels, and a network that reads them by convolutions.
import { defineDataset } from '@nem/datasets';
import { defineExperiment } from '@nem/train';

const size = 14;
const radius = 3;

const crosses = defineDataset({
  name: 'crosses',
  height: size,
  width: size,
  objects: 2,
  sizes: { training: 8192, validation: 256, test: 256 },
  draw({ random, light }) {
    for (const group of [1, 2]) {
      const [row, column] = [random.integer(size - 2 * radius), random.integer(size - 2 * radius)];
      const isCross = random.integer(2) === 1;
      for (let y = -radius; y <= radius; y++) {
        for (let x = -radius; x <= radius; x++) {
          const isLit = isCross ? x * y === 0 : Math.abs(Math.hypot(x, y) - radius) < 0.5;
          if (isLit) light(group, row + radius + y, column + radius + x);
        }
      }
    }
  },
});

const network = {
  type: 'rnn-em',
  input: [
    { type: 'reshape', shape: [size, size, 1] },
    { type: 'conv', size: 8, kernel: 4, stride: 2, activation: 'elu' },
    { type: 'flatten' },
  ],
  recurrent: { size: 100, activation: 'sigmoid' },
  output: [{ type: 'dense', size: size * size, activation: 'sigmoid' }],
};

export const experiment = defineExperiment({
  dataset: crosses,
  network,
  components: 3,
  steps: 8,
  validationInputs: 256,
});
