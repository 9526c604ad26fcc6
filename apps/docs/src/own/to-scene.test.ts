import { isDarkOnBright, otsuThreshold, type Picture } from '@nem/models';
import { expect, it } from 'vitest';
import { toOutlines, toScene } from './to-scene.js';

/** A picture of grey values from 0 to 255, as a canvas has it. */
const grey = (height: number, width: number, values: readonly number[]): Picture => ({
  height,
  width,
  data: Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255])),
});

/** Outlines of two squares of 40 pixels, drawn with `pen` on paper, in light that falls from the left to the right edge. */
function sheet(side: number, pen: number, paper: number, falls = 0): Picture {
  const values = Array.from({ length: side * side }, (_, i) => {
    const [y, x] = [Math.floor(i / side), i % side];
    const drawn = [0.15, 0.6].some((start) => {
      const [row, column] = [y - start * side, x - start * side];
      const [within, inner] = [Math.max(row, column) < 40 && Math.min(row, column) >= 0, 6];
      return within && !(Math.max(row, column) < 40 - inner && Math.min(row, column) >= inner);
    });
    return (drawn ? pen : paper) * (1 - (falls * x) / side);
  });
  return grey(side, side, values);
}

/** Frames [28, 28] as the page reads a picture where nobody has said how. */
function framesOf(picture: Picture): Float32Array {
  const outlines = toOutlines([picture], 28, isDarkOnBright(picture));
  return toScene(outlines, 28, otsuThreshold(outlines[0]!)).frames;
}

const litOf = (frames: Float32Array) => frames.reduce((sum, value) => sum + value, 0) / frames.length;

it.each([
  ['dark on bright', sheet(140, 20, 220)],
  ['bright on dark', sheet(140, 220, 20)],
])('lights outlines that are %s', (_, picture) => {
  expect(litOf(framesOf(picture))).toBeGreaterThan(0.03);
  expect(litOf(framesOf(picture))).toBeLessThan(0.2);
});

it('sees the same outlines in light that falls to a third', () => {
  const [even, uneven] = [framesOf(sheet(140, 20, 240)), framesOf(sheet(140, 20, 240, 0.65))];
  expect(even.filter((value, i) => value !== uneven[i]).length).toBeLessThan(8);
});

it('makes frames of zeros and ones, each picture a frame', () => {
  const pictures = [grey(2, 2, [10, 200, 10, 10]), grey(2, 2, [200, 10, 10, 10])];
  const { frames, groups, height, width } = toScene(toOutlines(pictures, 2, false), 2, 0.5);
  expect([height, width]).toEqual([2, 2]);
  expect([...frames]).toEqual([0, 1, 0, 0, 1, 0, 0, 0]);
  expect(groups.every((group) => group === 0)).toBe(true);
});

it('lights more pixels the lower the threshold is', () => {
  const outlines = toOutlines([grey(2, 2, [10, 90, 150, 250])], 2, false);
  expect([0.02, 0.5, 0.97].map((threshold) => litOf(toScene(outlines, 2, threshold).frames))).toEqual([1, 0.5, 0.25]);
});
