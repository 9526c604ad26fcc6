import { deriveKey, foldIn, RandomStream } from '@nem/random';
import {
  type Dataset,
  DatasetError,
  requireIndex,
  type Samples,
  type Split,
  type SplitSizes,
  splitSizes,
} from './dataset.js';
import { SHAPES, type Shape } from './shapes.js';

export interface StaticShapesOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Pixels, at least 7. Default 28. */
  readonly height?: number;
  /** Pixels, at least 12. Default 28. */
  readonly width?: number;
  /** Shapes in an image, 1 to 255. Default 3. */
  readonly objects?: number;
  readonly sizes?: Partial<SplitSizes>;
}

/** Pixels of one sample while it is drawn: group of the only object that covers the pixel, or 0 where several do. */
function paint({ pixels }: Shape, top: number, left: number, group: number, out: Samples, start: number): void {
  const { features, groups, width } = out;
  for (let i = 0; i < pixels.length; i += 2) {
    const at = start + (top + pixels[i]) * width + left + pixels[i + 1];
    groups[at] = features[at] === 0 ? group : 0;
    features[at] = 1;
  }
}

function requireOptions(height: number, width: number, objects: number): void {
  const tallest = Math.max(...SHAPES.map((shape) => shape.height));
  const widest = Math.max(...SHAPES.map((shape) => shape.width));
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < tallest || width < widest) {
    throw new DatasetError(`the image is ${height}×${width}: a shape needs at least ${tallest}×${widest} pixels.`);
  }
  if (!Number.isInteger(objects) || objects < 1 || objects > 255) {
    throw new DatasetError(`the number of objects is ${objects}: give an integer from 1 to 255.`);
  }
}

/**
 * Static shapes: binary images of shapes whose kind and position are uniform; overlap is allowed, and a pixel under several
 * shapes is 1 with group 0 (method, section 5).
 * @throws DatasetError for an image too small for a shape, a number of objects or a split size out of range
 */
export function staticShapes(options: StaticShapesOptions = {}): Dataset {
  const { seed = 0, height = 28, width = 28, objects = 3 } = options;
  requireOptions(height, width, objects);
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
      out.features.fill(0, start, start + height * width);
      out.groups.fill(0, start, start + height * width);
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
