import type { Dataset } from './dataset.js';
import type { FlyingShapesOptions } from './flying-shapes.js';
import type { FlyingMnistOptions } from './mnist/flying-mnist.js';

interface KindOf<D extends 'shapes' | 'digits', Options> {
  /** What its objects are: digits have to be loaded first, and may be fewer than there are. */
  readonly draws: D;
  /** Whether its samples are still images. Those of the others are sequences, with a number of frames and a motion. */
  readonly isStill: boolean;
  /** @throws DatasetError for options that it cannot be drawn with */
  readonly create: (options: Options) => Dataset;
}

/** What a table of datasets says of each, so that one can be configured and made by its name. */
export type DatasetKind = KindOf<'shapes', FlyingShapesOptions> | KindOf<'digits', FlyingMnistOptions>;
