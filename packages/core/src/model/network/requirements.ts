import { activationNames } from './activation-names.js';
import { NetworkError } from './network-error.js';
import { elements, type SampleShape } from './sample-shape.js';

/** @throws NetworkError unless `value` is an integer of at least 1 */
export function requireSize(name: string, field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new NetworkError(`${field} of ${name} is ${value}: give an integer of at least 1.`);
  }
}

/** @throws NetworkError for an activation that does not exist */
export function requireActivation(name: string, activation: string): void {
  if (!activationNames.some((known) => known === activation)) {
    throw new NetworkError(`the activation of ${name} is '${activation}': use one of ${activationNames.join(', ')}.`);
  }
}

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
