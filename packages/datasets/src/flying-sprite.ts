import type { Samples } from './dataset.js';
import { type Flight, flightColumn, flightRow } from './flight.js';
import { clearFrame, paint, type Sprite } from './sprite.js';

/** A sprite and where it flies. */
export interface FlyingSprite {
  readonly sprite: Sprite;
  readonly flight: Flight;
}

/** The nearest pixel; halves go up. */
const nearest = (position: number): number => Math.floor(position + 0.5);

/** Draws every frame of sample `position`; the sprites' groups are 1, 2, 3 … in their order. */
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
