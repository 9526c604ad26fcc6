import type { LayerType } from '../layer-type.js';

/** Normalises each sample to mean 0 and variance 1, without parameters and without an epsilon. */
export interface InputNormSpec {
  readonly type: 'inputNorm';
}

/** The shape stays (method, section 4). */
export const inputNorm: LayerType<InputNormSpec> = {
  fields: {},
  place: (_name, _spec, inputShape) => ({ outputShape: inputShape, parameters: [] }),
};
