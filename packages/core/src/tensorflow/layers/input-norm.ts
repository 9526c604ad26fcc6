import { reshape, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { InputNormSpec } from '../../model/network/layers/input-norm.js';
import { elements } from '../../model/network/sample-shape.js';
import { normalizeRows, normalizeRowsGradient } from '../ops/normalize-rows.js';
import type { Layer } from './layer.js';

/** Normalises each sample to mean 0 and variance 1, without an epsilon (method, section 4). */
export function inputNorm({ inputShape: shape }: LayerShape<InputNormSpec>): Layer {
  const rows = (x: Parameters<typeof reshape>[0]) => {
    const count = elements(shape);
    return reshape(x, [-1, count]) as Tensor2D;
  };
  return {
    forward(x) {
      const { normalized, scale } = normalizeRows(rows(x), 0);
      return { y: reshape(normalized, x.shape), saved: [normalized, scale] };
    },
    backward(dy, _x, { saved }) {
      const [normalized, scale] = saved as [Tensor2D, Tensor2D];
      return reshape(normalizeRowsGradient(rows(dy), { normalized, scale }), dy.shape);
    },
  };
}
