import { deriveKey, foldIn, RandomStream } from '@nem/random';
import { type Dataset, requireIndex, type Samples, type Split, type SplitSizes, splitSizes } from './dataset.js';
import { requireImage, requireObjects } from './options.js';
import { SHAPES, TALLEST_SHAPE, WIDEST_SHAPE } from './shapes.js';
import { clearFrame, paint } from './sprite.js';

export interface StaticShapesOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Pixels, 7 to 4096. Default 28. */
  readonly height?: number;
  /** Pixels, 12 to 4096. Default 28. */
  readonly width?: number;
  /** Shapes in an image, 1 to 255. Default 3. */
  readonly objects?: number;
  readonly sizes?: Partial<SplitSizes>;
}

/**
 * Static shapes: binary images of shapes whose kind and position are uniform; overlap is allowed, and a pixel under several
 * shapes is 1 with group 0 (method, section 5).
 * @throws DatasetError for an image too small for a shape, a number of objects or a split size out of range
 */
export function staticShapes(options: StaticShapesOptions = {}): Dataset {
  const { seed = 0, height = 28, width = 28, objects = 3 } = options;
  requireImage(height, width, 'a shape', TALLEST_SHAPE, WIDEST_SHAPE);
  requireObjects(objects);
  const sizes = splitSizes(options.sizes);
  const keys = {
    training: deriveKey(seed, 'static shapes/training'),
    validation: deriveKey(seed, 'static shapes/validation'),
    test: deriveKey(seed, 'static shapes/test'),
  };
  const name = 'static-shapes';
  return {
    name,
    height,
    width,
    frames: 1,
    objects,
    sizes,
    draw(split: Split, index: number, out: Samples, position: number) {
      requireIndex({ name, sizes }, split, index);
      const start = position * height * width;
      clearFrame(out, start);
      const random = new RandomStream(foldIn(keys[split], index));
      for (let group = 1; group <= objects; group++) {
        const shape = SHAPES[random.integer(SHAPES.length)];
        const top = random.integer(height - shape.height + 1);
        const left = random.integer(width - shape.width + 1);
        paint(shape, top, left, group, out, start);
      }
    },
  };
}
