import { eachSample } from '../../forward/each-sample.js';
import { normalize } from '../../forward/norm-activation.js';
import type { LayerType } from '../layer-type.js';

/** Normalises each sample to mean 0 and variance 1, without parameters and without an epsilon. */
export interface InputNormSpec {
  readonly type: 'inputNorm';
}

/** The shape stays (method, section 4). */
export const inputNorm: LayerType<InputNormSpec> = {
  fields: {},
  place: (_name, _spec, inputShape) => ({ outputShape: inputShape, parameters: [] }),
  forward: (layer) => eachSample(layer, (x, y) => normalize(Float64Array.from(x), y)),
};
