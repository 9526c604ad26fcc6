import { describe, expect, it } from 'vitest';
import { blankScene, Drawing, isSequence, sampleScene } from './scene.js';

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

  it('keeps a stroke one object, though each of its dots is a new drawing and the first meets another object alone', () => {
    const dots = (stroke: readonly (readonly [number, number])[], onto: Drawing) => {
      onto.begin();
      return stroke.reduce((drawing, [row, column]) => {
        const next = new Drawing(drawing);
        next.put('pen', row, column);
        return next;
      }, onto);
    };
    const across = dots(
      [
        [10, 10],
        [10, 12],
      ],
      new Drawing(blankScene(28, 28)),
    );
    const down = dots(
      [
        [10, 10],
        [12, 10],
        [14, 10],
      ],
      across,
    );
    const groupAt = (row: number, column: number) => down.groups[row * 28 + column];
    expect([groupAt(10, 10), groupAt(10, 12), groupAt(12, 10), groupAt(14, 10)]).toEqual([0, 1, 2, 2]);
  });

  it('tells objects apart though others were erased', () => {
    const drawing = new Drawing(blankScene(28, 28));
    for (const column of [0, 10, 20]) {
      drawing.begin();
      drawing.put('pen', 0, column);
    }
    drawing.put('eraser', 0, 10);
    drawing.begin();
    drawing.put('pen', 20, 20);
    expect([0, 10, 20].map((column) => drawing.groups[column])).toEqual([1, 0, 3]);
    expect(drawing.groups[20 * 28 + 20]).toBe(2);
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
  expect([false, true].map((moving) => isSequence(sampleScene(moving, 3, 5, 20)))).toEqual([false, true]);
});
