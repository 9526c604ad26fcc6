import { sameElements } from '../../forward/each-sample.js';
import { counts } from '../../spec-check.js';
import type { LayerType } from '../layer-type.js';
import { requireSameElements } from '../requirements.js';

/** Gives each sample another shape with the same number of elements, e.g. [height, width, channels]. */
export interface ReshapeSpec {
  readonly type: 'reshape';
  readonly shape: readonly number[];
}

/** Any shape becomes `shape`. */
export const reshape: LayerType<ReshapeSpec> = {
  fields: { shape: counts },
  place(name, { shape }, inputShape) {
    requireSameElements(name, shape, inputShape);
    return { outputShape: shape, parameters: [] };
  },
  forward: () => sameElements,
};
