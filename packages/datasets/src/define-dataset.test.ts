import { describe, expect, it } from 'vitest';
import { type Canvas, DatasetError, defineDataset, drawSamples, flyingShapes, type Samples, shapeOf } from './index.js';

const SIZE = { height: 3, width: 4, objects: 2, sizes: { training: 5, validation: 2, test: 2 } };

/** A row and a column that cross; of later frames one row further down. */
function cross({ frames, random, light }: Canvas): void {
  const [row, column] = [random.integer(3), random.integer(4)];
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < 4; i++) light(1, (row + frame) % 3, i, 1, frame);
    for (let i = -1; i < 4; i++) light(2, i, column, 0.5, frame);
  }
}

/** The frames of one sample of several. */
const framesOf = ({ frames, count, height, width, features, groups }: Samples, sample: number) =>
  Array.from({ length: frames }, (_, frame) => {
    const from = (frame * count + sample) * height * width;
    const [values, owners] = [features, groups].map((array) => [...array.subarray(from, from + height * width)]);
    return { values, owners };
  });

describe('defineDataset', () => {
  it('has the brightest value and group 0 where objects overlap, and leaves out what lies outside the image', () => {
    const dataset = defineDataset({
      ...{ ...SIZE, name: 'corner' },
      draw({ light }) {
        light(1, 0, 0, 0.5);
        light(1, 0, 0, 0.25);
        light(1, 0, 1);
        light(2, 0, 1, 0.5);
        light(2, 2, 3);
        light(2, 3, 3);
        light(2, 2, -1);
      },
    });
    const { features, groups } = dataset.sample('training', 0);
    expect([...features]).toEqual([0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...groups]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it.each([1, 3])('draws a sample of %i frames alone as among others, over whatever was there', (frames) => {
    const dataset = defineDataset({ ...SIZE, name: 'cross', frames, draw: cross });
    const among = drawSamples(dataset, 'training', [4, 2, 0]);
    const again = drawSamples(dataset, 'training', [2, 4, 2], among);
    const alone = dataset.sample('training', 4);
    expect(shapeOf(alone)).toEqual([frames, 1, 3, 4]);
    expect(framesOf(alone, 0)).toEqual(framesOf(again, 1));
    expect(framesOf(again, 0)).toEqual(framesOf(again, 2));
    expect(alone.groups.includes(1) && alone.groups.includes(2)).toBe(true);
  });

  it('keeps every frame of a sequence apart from the others, also where something lies outside the image', () => {
    const dataset = defineDataset({
      ...{ ...SIZE, name: 'steps', frames: 3 },
      draw({ index, frames, light }) {
        for (let frame = 0; frame < frames; frame++) {
          light(1 + (frame % 2), frame, index, (frame + 1) / 4, frame);
          for (const [row, column] of [
            [-1, 0],
            [3, 0],
            [0, -1],
            [0, 4],
          ] as const) {
            light(1, row, column, 1, frame);
          }
        }
        light(1, 0, 0, 1, frames);
      },
    });
    const samples = drawSamples(dataset, 'training', [1, 3]);
    for (const [sample, column] of [1, 3].entries()) {
      const expected = [0, 1, 2].map((frame) => ({
        values: new Array(12).fill(0).with(4 * frame + column, (frame + 1) / 4),
        owners: new Array(12).fill(0).with(4 * frame + column, 1 + (frame % 2)),
      }));
      expect(framesOf(samples, sample)).toEqual(expected);
    }
  });

  it('has other samples for another seed, split and index, and says what they depend on', () => {
    const at = (seed: number) =>
      defineDataset({
        ...SIZE,
        name: 'noise',
        seed,
        draw: ({ random, features }) => {
          for (let i = 0; i < features.length; i++) features[i] = random.uniform();
        },
      });
    const first = (seed: number, split: 'training' | 'test', index: number) =>
      at(seed).sample(split, index).features[0];
    const values = [first(0, 'training', 0), first(1, 'training', 0), first(0, 'test', 0), first(0, 'training', 1)];
    expect(new Set(values).size).toBe(4);
    expect(at(3)).toMatchObject({ version: 1, options: { seed: 3 } });
    expect(flyingShapes({ objects: 4, seed: 2 }).options).toEqual({ objects: 4, seed: 2 });
  });

  it('refuses what no dataset can be made of, in one sentence', () => {
    const made = (over: object) => () => defineDataset({ ...SIZE, name: 'bars', draw: cross, ...over });
    expect(made({ name: '' })).toThrow("the name of the dataset is '': give a text.");
    expect(made({ height: 0 })).toThrow(/^the image is 0×4: a sample needs at least 1×1 pixels/);
    expect(made({ draw: undefined })).toThrow('draw of bars is undefined: give a function.');
    expect(made({ sises: {} })).toThrow("defineDataset has no option 'sises' (did you mean sizes?)");
    expect(made({ options: { seed: 5 } })).toThrow(
      'the options of bars have the seed 5, but its samples are drawn from seed 0: give it as the field seed alone.',
    );
    expect(made({ options: { seed: 5 }, seed: 5 })().options).toEqual({ seed: 5 });
    expect(made({ objects: 300 })).toThrow(DatasetError);
  });

  it('refuses pixels that are none, and what cannot be lit', () => {
    const drawing = (draw: (canvas: Canvas) => void) => () =>
      defineDataset({ ...SIZE, name: 'bars', draw }).sample('test', 1);
    expect(drawing(({ features }) => features.fill(255))).toThrow(
      'bars draws the pixel 255 in test sample 1: give values from 0 to 1, e.g. bytes divided by 255.',
    );
    expect(drawing(({ features }) => features.fill(Number.NaN))).toThrow('the pixel NaN in test sample 1');
    for (const value of [0, -1, 1.5, Number.NaN]) {
      expect(drawing(({ light }) => light(1, 0, 0, value))).toThrow(
        /^light was given the value .*: give a number above 0/,
      );
    }
    expect(drawing(async ({ light }) => light(1, 0, 0))).toThrow(
      'draw of bars returns a promise: give a function that has drawn when it returns.',
    );
    expect(drawing(({ light }) => light(0, 0, 0))).toThrow(/^light was given group 0, row 0/);
    expect(drawing(({ light }) => light(3, 0, 0))).toThrow(
      'light was given group 3, row 0, column 0 and frame 0: give integers, the group from 1 to the number of objects, 2.',
    );
    expect(drawing(({ light }) => light(1, 0.5, 0))).toThrow('row 0.5');
    expect(drawing(({ light }) => light(1, 0, 0, 1, -1))).toThrow('frame -1: give integers');
    expect(() => defineDataset({ ...SIZE, name: 'bars', draw: cross }).sample('test', 2)).toThrow(
      'bars has no test sample 2',
    );
    const empty = defineDataset({ ...SIZE, name: 'bars', sizes: { test: 0 }, draw: cross });
    expect(() => empty.sample('test', 0)).toThrow('bars has no test sample 0: the split is empty, name another one.');
  });
});
