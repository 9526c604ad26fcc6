import type { Dataset } from './dataset.js';
import { type Names, requireImage, requireObjects, requireOptions } from './options.js';
import { type SeededOptions, seededDataset } from './seeded-dataset.js';
import { randomShape, TALLEST_SHAPE, WIDEST_SHAPE } from './shapes.js';
import { clearFrame, paintAnywhere } from './sprite.js';

export interface StaticShapesOptions extends SeededOptions {
  /** Pixels, 7 to 4096. Default 28. */
  readonly height?: number;
  /** Pixels, 12 to 4096. Default 28. */
  readonly width?: number;
  /** Shapes in an image, 1 to 255. Default 3. */
  readonly objects?: number;
}

export const STATIC_SHAPES: Names<StaticShapesOptions> = {
  seed: true,
  sizes: true,
  height: true,
  width: true,
  objects: true,
};

/**
 * Static shapes: binary images of shapes whose kind and position are uniform; overlap is allowed, and a pixel under several
 * shapes is 1 with group 0 (method, section 5).
 * @throws DatasetError for an image too small for a shape, a number of objects or a split size out of range, and an unknown option
 */
export function staticShapes(options: StaticShapesOptions = {}): Dataset {
  requireOptions(options, 'staticShapes', STATIC_SHAPES);
  const { height = 28, width = 28, objects = 3 } = options;
  requireImage(height, width, 'a shape', TALLEST_SHAPE, WIDEST_SHAPE);
  requireObjects(objects);
  const properties = { name: 'static-shapes', purpose: 'static shapes', height, width, frames: 1, objects };
  return seededDataset(properties, options, (random, _split, out, position) => {
    const start = position * height * width;
    clearFrame(out, start);
    for (let group = 1; group <= objects; group++) paintAnywhere(randomShape(random), random, group, out, start);
  });
}
