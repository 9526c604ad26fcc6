import type { RandomStream } from '@nem/random';
import type { Samples } from './dataset.js';
import { type Flight, flightColumn, flightRow } from './flight.js';
import { type Motion, randomFlight } from './motion.js';
import { clearFrame, paint, type Sprite } from './sprite.js';

/** A sprite and where it flies. */
interface FlyingSprite {
  readonly sprite: Sprite;
  readonly flight: Flight;
}

/** Lets a sprite fly: whole inside the image at any frame. */
export function launch(sprite: Sprite, random: RandomStream, { height, width }: Samples, motion: Motion): FlyingSprite {
  return { sprite, flight: randomFlight(random, height - sprite.height, width - sprite.width, motion) };
}

/** The nearest pixel; halves go up. */
const nearest = (position: number): number => Math.floor(position + 0.5);

/**
 * Draws every frame of sample `position`, each sprite at the pixel nearest to where it is. The sprites' groups are 1, 2, 3 … in
 * their order.
 */
export function paintFlight(flying: readonly FlyingSprite[], out: Samples, position: number): void {
  const pixels = out.height * out.width;
  for (let frame = 0; frame < out.frames; frame++) {
    const start = (frame * out.count + position) * pixels;
    clearFrame(out, start);
    flying.forEach(({ sprite, flight }, i) => {
      paint(sprite, nearest(flightRow(flight, frame)), nearest(flightColumn(flight, frame)), i + 1, out, start);
    });
  }
}
