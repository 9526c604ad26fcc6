import type { RandomStream } from '@nem/random';
import type { Samples } from './dataset.js';

/** Something to draw: the pixels it lights and how bright they are. */
export interface Sprite {
  readonly height: number;
  readonly width: number;
  /** Lit pixels as [row, column] pairs in one flat list. */
  readonly pixels: Int8Array | Int16Array;
  /** Brightness of each lit pixel, above 0 and at most 1. Default: all 1. */
  readonly values?: Float32Array;
  /** Brightness above which a pixel that the sprite alone lights belongs to its group. Default 0: each one does */
  readonly groupThreshold?: number;
}

/**
 * Adds a sprite to the frame that begins at `start`. A pixel that it alone lights gets `group` where it is above the sprite's
 * threshold. One that is lit already, however faintly, becomes group 0 and keeps the brighter of the two values.
 */
export function paint(sprite: Sprite, top: number, left: number, group: number, out: Samples, start: number): void {
  const { pixels, values, groupThreshold = 0 } = sprite;
  const { features, groups, width } = out;
  for (let i = 0; i < pixels.length; i += 2) {
    const at = start + (top + pixels[i]!) * width + left + pixels[i + 1]!;
    const value = values ? values[i >> 1]! : 1;
    const before = features[at]!;
    groups[at] = before === 0 && value > groupThreshold ? group : 0;
    if (value > before) features[at] = value;
  }
}

/** {@link paint} at a uniformly random place where the sprite is whole inside the image. */
export function paintAnywhere(sprite: Sprite, random: RandomStream, group: number, out: Samples, start: number): void {
  const top = random.integer(out.height - sprite.height + 1);
  const left = random.integer(out.width - sprite.width + 1);
  paint(sprite, top, left, group, out, start);
}

/** Makes the frame that begins at `start` black, all of it background. */
export function clearFrame({ features, groups, height, width }: Samples, start: number): void {
  features.fill(0, start, start + height * width);
  groups.fill(0, start, start + height * width);
}
