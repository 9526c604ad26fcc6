import type { Forward, PlacedLayer } from '../network/layer-type.js';
import { elements } from '../network/sample-shape.js';

/** A layer that works on each sample alone. @param sample writes to `out`, the sample's place in the result */
export function eachSample(
  { inputShape, outputShape }: Pick<PlacedLayer<unknown>, 'inputShape' | 'outputShape'>,
  sample: (x: Float32Array, out: Float32Array) => void,
): Forward {
  const [inputs, outputs] = [elements(inputShape), elements(outputShape)];
  return (x, rows) => {
    const y = new Float32Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      sample(x.subarray(row * inputs, (row + 1) * inputs), y.subarray(row * outputs, (row + 1) * outputs));
    }
    return y;
  };
}

/** A layer that only gives its input another shape: the elements stay where they are. */
export const sameElements: Forward = (x) => x;
