import { reshape as reshapeTensor } from '@tensorflow/tfjs-core';
import { elements, type Layer, NetworkError, type SampleShape } from './layer.js';

/** Gives each sample the shape `outputShape`. */
export function reshape(name: string, outputShape: SampleShape, inputShape: SampleShape): Layer {
  if (elements(outputShape) !== elements(inputShape)) {
    throw new NetworkError(
      `${name} makes [${outputShape.join(', ')}] of [${inputShape.join(', ')}]: give a shape of ${elements(inputShape)} elements.`,
    );
  }
  return {
    outputShape,
    parameters: [],
    forward: (x) => ({ y: reshapeTensor(x, [x.shape[0], ...outputShape]), saved: [] }),
    backward: (dy, x) => reshapeTensor(dy, x.shape),
  };
}
