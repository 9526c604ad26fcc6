import { NetworkError } from './network-error.js';
import { elements, type SampleShape } from './sample-shape.js';

/** @throws NetworkError unless the shape is [height, width, channels] */
export function requireImage(name: string, shape: SampleShape): asserts shape is readonly [number, number, number] {
  if (shape.length !== 3) {
    throw new NetworkError(
      `${name} is a convolution but its input is [${shape.join(', ')}]: put a reshape layer to [height, width, channels] before it.`,
    );
  }
}

/** @throws NetworkError unless both shapes have as many elements */
export function requireSameElements(name: string, outputShape: SampleShape, inputShape: SampleShape): void {
  if (elements(outputShape) !== elements(inputShape)) {
    throw new NetworkError(
      `${name} makes [${outputShape.join(', ')}] of [${inputShape.join(', ')}]: give a shape of ${elements(inputShape)} elements.`,
    );
  }
}
