import type { Dataset } from './dataset.js';
import { launch, paintFlight } from './flying-sprite.js';
import { DEFAULT_MOTION, MOVED_SPEED, type Motion, requireMotion } from './motion.js';
import { type Names, requireFrames, requireImage, requireObjects, requireOptions } from './options.js';
import { seededDataset } from './seeded-dataset.js';
import { randomShape, TALLEST_SHAPE, WIDEST_SHAPE } from './shapes.js';
import { STATIC_SHAPES, type StaticShapesOptions } from './static-shapes.js';

export interface FlyingShapesOptions extends StaticShapesOptions {
  /** Frames of a sequence, 1 to 65,536. More frames continue the same flights. Default 21, for 20 steps. */
  readonly frames?: number;
  /** How the shapes move. Default: the paper's, `{ type: 'integerPixel', maxVelocity: 1 }`. */
  readonly motion?: Motion;
}

const NAMES: Names<FlyingShapesOptions> = { ...STATIC_SHAPES, frames: true, motion: true };

/**
 * Flying shapes: binary sequences of shapes whose kind, start and velocity are uniform. They fly straight, pass through each
 * other and are reflected by the walls, whole inside the image. A pixel under several shapes is 1 with group 0 (method,
 * section 5).
 * @throws DatasetError for an image too small for a shape, and for a number of objects or frames, a motion or a split size out
 * of range, and an unknown option
 */
export function flyingShapes(options: FlyingShapesOptions = {}): Dataset {
  requireOptions(options, 'flyingShapes', NAMES, MOVED_SPEED);
  const { height = 28, width = 28, objects = 3, frames = 21, motion = DEFAULT_MOTION } = options;
  requireImage(height, width, 'a shape', TALLEST_SHAPE, WIDEST_SHAPE);
  requireObjects(objects);
  requireFrames(frames);
  requireMotion(motion);
  const properties = { name: 'flying-shapes', purpose: 'flying shapes', height, width, frames, objects };
  return seededDataset(properties, options, (random, _split, out, position) => {
    const flying = Array.from({ length: objects }, () => launch(randomShape(random), random, out, motion));
    paintFlight(flying, out, position);
  });
}
