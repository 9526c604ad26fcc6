import type { Dataset } from './dataset.js';
import { DEFAULT_SPEED, requireSpeed, type SpeedRange } from './flight.js';
import { launch, paintFlight } from './flying-sprite.js';
import { requireFrames, requireImage, requireObjects } from './options.js';
import { seededDataset } from './seeded-dataset.js';
import { randomShape, TALLEST_SHAPE, WIDEST_SHAPE } from './shapes.js';
import type { StaticShapesOptions } from './static-shapes.js';

export interface FlyingShapesOptions extends StaticShapesOptions {
  /** Frames of a sequence, 1 to 65,536. More frames continue the same flights. Default 21, for 20 steps. */
  readonly frames?: number;
  /** Slowest and fastest flight in pixels per frame, 0 to 1000; each shape's speed is uniform between them. Default [1, 2]. */
  readonly speed?: SpeedRange;
}

/**
 * Flying shapes: binary sequences of shapes whose kind, start, direction and speed are uniform. They fly straight, pass
 * through each other and bounce off the walls, whole inside the image; their sub-pixel positions are drawn at the nearest
 * pixel. A pixel under several shapes is 1 with group 0 (method, section 5).
 * @throws DatasetError for an image too small for a shape, and for a number of objects or frames, speeds or a split size out
 * of range
 */
export function flyingShapes(options: FlyingShapesOptions = {}): Dataset {
  const { height = 28, width = 28, objects = 3, frames = 21, speed = DEFAULT_SPEED } = options;
  requireImage(height, width, 'a shape', TALLEST_SHAPE, WIDEST_SHAPE);
  requireObjects(objects);
  requireFrames(frames);
  requireSpeed(speed);
  const properties = { name: 'flying-shapes', purpose: 'flying shapes', height, width, frames, objects };
  return seededDataset(properties, options, (random, _split, out, position) => {
    const flying = Array.from({ length: objects }, () => launch(randomShape(random), random, out, speed));
    paintFlight(flying, out, position);
  });
}
