import { deriveKey, foldIn, RandomStream } from '@nem/random';
import { type Dataset, requireIndex, type Samples, type Split, type SplitSizes, splitSizes } from './dataset.js';
import { DEFAULT_SPEED, randomFlight, requireSpeed, type SpeedRange } from './flight.js';
import { type FlyingSprite, paintFlight } from './flying-sprite.js';
import { requireFrames, requireImage, requireObjects } from './options.js';
import { SHAPES, TALLEST_SHAPE, WIDEST_SHAPE } from './shapes.js';

export interface FlyingShapesOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Pixels, 7 to 4096. Default 28. */
  readonly height?: number;
  /** Pixels, 12 to 4096. Default 28. */
  readonly width?: number;
  /** Shapes in an image, 1 to 255. Default 3. */
  readonly objects?: number;
  /** Frames of a sequence, 1 to 65,536. More frames continue the same flights. Default 21, for 20 steps. */
  readonly frames?: number;
  /** Slowest and fastest flight in pixels per frame, 0 to 1000; each shape's speed is uniform between them. Default [1, 2]. */
  readonly speed?: SpeedRange;
  readonly sizes?: Partial<SplitSizes>;
}

/**
 * Flying shapes: binary sequences of shapes whose kind, start, direction and speed are uniform. They fly straight, pass
 * through each other and bounce off the walls, whole inside the image; their sub-pixel positions are drawn at the nearest
 * pixel. A pixel under several shapes is 1 with group 0 (method, section 5).
 * @throws DatasetError for an image too small for a shape, and for a number of objects or frames, speeds or a split size out
 * of range
 */
export function flyingShapes(options: FlyingShapesOptions = {}): Dataset {
  const { seed = 0, height = 28, width = 28, objects = 3, frames = 21, speed = DEFAULT_SPEED } = options;
  requireImage(height, width, 'a shape', TALLEST_SHAPE, WIDEST_SHAPE);
  requireObjects(objects);
  requireFrames(frames);
  requireSpeed(speed);
  const sizes = splitSizes(options.sizes);
  const keys = {
    training: deriveKey(seed, 'flying shapes/training'),
    validation: deriveKey(seed, 'flying shapes/validation'),
    test: deriveKey(seed, 'flying shapes/test'),
  };
  const name = 'flying-shapes';
  return {
    name,
    height,
    width,
    frames,
    objects,
    sizes,
    draw(split: Split, index: number, out: Samples, position: number) {
      requireIndex({ name, sizes }, split, index);
      const random = new RandomStream(foldIn(keys[split], index));
      const flying = Array.from({ length: objects }, (): FlyingSprite => {
        const sprite = SHAPES[random.integer(SHAPES.length)];
        return { sprite, flight: randomFlight(random, height - sprite.height, width - sprite.width, speed) };
      });
      paintFlight(flying, out, position);
    },
  };
}
