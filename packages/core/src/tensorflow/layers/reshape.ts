import { reshape as reshapeTensor } from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { Layer } from './layer.js';

/** Gives each sample another shape. */
export function reshape({ outputShape }: LayerShape): Layer {
  return {
    forward: (x) => ({ y: reshapeTensor(x, [x.shape[0], ...outputShape]), saved: [] }),
    backward: (dy, x) => reshapeTensor(dy, x.shape),
  };
}
