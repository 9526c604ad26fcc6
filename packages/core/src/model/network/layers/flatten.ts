import { sameElements } from '../../forward/each-sample.js';
import type { LayerType } from '../layer-type.js';
import { elements } from '../sample-shape.js';

/** Makes each sample a vector. */
export interface FlattenSpec {
  readonly type: 'flatten';
}

/** Any shape becomes [elements]. */
export const flatten: LayerType<FlattenSpec> = {
  fields: {},
  place: (_name, _spec, inputShape) => ({ outputShape: [elements(inputShape)], parameters: [] }),
  forward: () => sameElements,
};
