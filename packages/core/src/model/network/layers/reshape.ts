import type { LayerType } from '../layer-type.js';
import { requireSameElements, requireSize } from '../requirements.js';

/** Gives each sample another shape with the same number of elements, e.g. [height, width, channels]. */
export interface ReshapeSpec {
  readonly type: 'reshape';
  readonly shape: readonly number[];
}

/** Any shape becomes `shape`. */
export const reshape: LayerType<ReshapeSpec> = {
  place(name, { shape }, inputShape) {
    for (const size of shape) requireSize(name, 'shape', size);
    requireSameElements(name, shape, inputShape);
    return { outputShape: shape, parameters: [] };
  },
};
