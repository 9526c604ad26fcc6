import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSamples } from './dataset.js';
import { paintFlight } from './flying-sprite.js';
import { SHAPES, type Shape } from './shapes.js';

/** Frames of the authors' published picture, and the shapes that were read off it (method, section 5). */
interface Picture {
  readonly shapes: readonly {
    readonly kind: 'square' | 'triangle';
    readonly row: number;
    readonly column: number;
    readonly rowVelocity: number;
    readonly columnVelocity: number;
  }[];
  /** `#` is 1 and `.` is 0. */
  readonly frames: readonly (readonly string[])[];
}

const [square, triangleUp] = SHAPES as [Shape, Shape, Shape];
const SPRITES = { square, triangle: triangleUp };

it("five shapes give the twenty frames of the authors' picture, pixel by pixel", () => {
  const file = new URL('../golden/flying-shapes-picture.json', import.meta.url);
  const { shapes, frames } = JSON.parse(readFileSync(file, 'utf8')) as Picture;
  const dataset = { name: '', frames: frames.length, height: 28, width: 28, objects: shapes.length };
  const samples = allocateSamples({ ...dataset, sizes: { training: 1, validation: 0, test: 0 }, draw() {} }, 1);
  const flying = shapes.map(({ kind, ...start }) => {
    const sprite = SPRITES[kind];
    return { sprite, flight: { rows: 28 - sprite.height, columns: 28 - sprite.width, ...start } };
  });
  paintFlight(flying, samples, 0);
  const text = Array.from(samples.features, (pixel) => (pixel === 1 ? '#' : '.')).join('');
  expect(text).toHaveLength(15_680);
  expect(text).toBe(frames.flat().join(''));
});
