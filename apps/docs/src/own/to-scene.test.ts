import { expect, it } from 'vitest';
import { bestThreshold, brightness, isInverted, type Rgba, toScene } from './to-scene.js';

/** A picture of grey values from 0 to 255. */
const grey = (height: number, width: number, values: readonly number[], alpha = 255): Rgba => ({
  height,
  width,
  data: Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, alpha])),
});

it('reads brightness, and what is transparent as white paper', () => {
  const light = brightness(grey(1, 2, [0, 255]));
  expect(light[0]).toBe(0);
  expect(light[1]).toBeCloseTo(1, 6);
  expect([...brightness(grey(1, 1, [0], 0))]).toEqual([1]);
});

it('tells dark shapes on a light background by the edge', () => {
  const paper = Float32Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1]);
  expect(isInverted(paper, 3, 3)).toBe(true);
  expect(
    isInverted(
      paper.map((value) => 1 - value),
      3,
      3,
    ),
  ).toBe(false);
});

it('finds the threshold between two kinds of pixels', () => {
  const light = Float32Array.from([0.1, 0.12, 0.15, 0.8, 0.82, 0.9]);
  const threshold = bestThreshold(light);
  expect(threshold).toBeGreaterThan(0.15);
  expect(threshold).toBeLessThan(0.8);
});

it('makes frames of zeros and ones, each picture a frame', () => {
  const pictures = [grey(1, 3, [10, 200, 10]), grey(1, 3, [200, 10, 10])];
  const { frames, groups, height, width } = toScene(pictures, { inverted: false, threshold: 0.5 });
  expect([height, width]).toEqual([1, 3]);
  expect([...frames]).toEqual([0, 1, 0, 1, 0, 0]);
  expect([...toScene(pictures, { inverted: true, threshold: 0.5 }).frames]).toEqual([1, 0, 1, 0, 1, 1]);
  expect(groups.every((group) => group === 0)).toBe(true);
});
