import { describe, expect, it } from 'vitest';
import { blankScene, Drawing, sampleScene } from './scene.js';

const lit = ({ frames }: Drawing) => frames.reduce((sum, pixel) => sum + pixel, 0);

describe('a drawing', () => {
  it('keeps each stamp an object, and scores no overlap', () => {
    const drawing = new Drawing(blankScene(28, 28));
    drawing.begin();
    drawing.put('square', 10, 10);
    expect(lit(drawing)).toBe(40);
    expect(new Set(drawing.groups)).toEqual(new Set([0, 1]));
    drawing.begin();
    drawing.put('square', 10, 10);
    expect(lit(drawing)).toBe(40);
    expect(new Set(drawing.groups)).toEqual(new Set([0]));
  });

  it('stays inside the image', () => {
    const drawing = new Drawing(blankScene(28, 28));
    drawing.begin();
    for (const [row, column] of [
      [0, 0],
      [27, 27],
      [0, 27],
    ] as const)
      drawing.put('triangle up', row, column);
    drawing.put('pen', 27, 27);
    expect(drawing.frames.length).toBe(784);
    expect(lit(drawing)).toBeGreaterThan(100);
  });

  it('goes on with a sample’s objects and leaves the sample as it is', () => {
    const sample = sampleScene(false, 3, 0, 20);
    const before = sample.frames.slice();
    const drawing = new Drawing(sample);
    drawing.begin();
    drawing.put('pen', 0, 0);
    expect(drawing.groups[0]).toBe(4);
    drawing.put('eraser', 0, 0);
    expect([drawing.frames[0], drawing.groups[0]]).toEqual([0, 0]);
    expect(sample.frames).toEqual(before);
  });
});

it('samples are still images, or sequences with a frame more than steps', () => {
  expect(sampleScene(false, 3, 5, 20).frames.length).toBe(784);
  expect(sampleScene(true, 3, 5, 20).frames.length).toBe(21 * 784);
});
