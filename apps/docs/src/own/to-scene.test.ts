import type { Picture } from '@nem/models';
import { expect, it } from 'vitest';
import { bestReading, bestThreshold, toScene } from './to-scene.js';

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

const litOf = (frames: Float32Array) => frames.reduce((sum, value) => sum + value, 0) / frames.length;

it('tells dark shapes on a light background, and the threshold between the two', () => {
  const paper = bestReading(sheet(140, 20, 220), 28);
  expect(paper.inverted).toBe(true);
  expect(bestReading(sheet(140, 220, 20), 28).inverted).toBe(false);
  const { frames } = toScene([sheet(140, 20, 220)], 28, paper);
  expect(litOf(frames)).toBeGreaterThan(0.03);
  expect(litOf(frames)).toBeLessThan(0.2);
});

it('sees the same outlines in light that falls to a third', () => {
  const [even, uneven] = [sheet(140, 20, 240), sheet(140, 20, 240, 0.65)];
  const scene = (picture: Picture) => toScene([picture], 28, bestReading(picture, 28)).frames;
  const different = scene(even).filter((value, i) => value !== scene(uneven)[i]).length;
  expect(different).toBeLessThan(8);
});

it('makes frames of zeros and ones, each picture a frame', () => {
  const pictures = [grey(2, 2, [10, 200, 10, 10]), grey(2, 2, [200, 10, 10, 10])];
  const { frames, groups, height, width } = toScene(pictures, 2, { inverted: false, threshold: 0.5 });
  expect([height, width]).toEqual([2, 2]);
  expect([...frames]).toEqual([0, 1, 0, 0, 1, 0, 0, 0]);
  expect([...toScene(pictures, 2, { inverted: true, threshold: 0.5 }).frames]).toEqual([1, 0, 1, 1, 0, 1, 1, 1]);
  expect(groups.every((group) => group === 0)).toBe(true);
});

it('lights more pixels the lower the threshold is', () => {
  const picture = grey(2, 2, [10, 90, 150, 250]);
  const lit = (threshold: number) => litOf(toScene([picture], 2, { inverted: false, threshold }).frames);
  expect([lit(0.02), lit(0.5), lit(0.98)]).toEqual([1, 0.5, 0.25]);
  expect(lit(bestThreshold(picture, 2, false))).toBe(0.5);
});
