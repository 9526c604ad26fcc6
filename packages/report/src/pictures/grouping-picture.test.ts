import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { componentColour } from '../palette.js';
import { ReportError } from '../report-error.js';
import { groupingAnimation, groupingPicture, type PictureGrouping } from './grouping-picture.js';
import { NO_VALUE } from './pixels.js';

/** 2×2 pixels, K = 2: the left column is the first component's, the right one the second's. */
function grouping(steps: number, batch: number): PictureGrouping {
  const images = steps * batch;
  return {
    ...{ steps, batch, components: 2, height: 2, width: 2 },
    inputs: Float32Array.from({ length: images * 4 }, (_, i) => (i % 4 < 2 ? 1 : 0)),
    gamma: Float32Array.from({ length: images * 8 }, (_, i) => (i % 2 === Math.floor(i / 4) % 2 ? 1 : 0)),
    predictions: Float32Array.from({ length: images * 8 }, (_, i) => (i % 8 < 4 ? 1 : 0)),
  };
}

it('draws an image, its groups and the predictions from top to bottom', () => {
  const { width, height, data } = decode(groupingPicture(grouping(1, 3)));
  const cell = 2 * 56 + 4;
  expect([width, height]).toEqual([3 * cell + 4, 4 * cell + 4 + 4]);
  const at = (x: number, y: number) => Array.from(data.slice(3 * (y * width + x), 3 * (y * width + x) + 3));
  // The second image: its first column is white above and black below, in the first component's colour.
  const x = 4 + cell + 10;
  expect([at(x, 10), at(x, 70)]).toEqual([
    [255, 255, 255],
    [0, 0, 0],
  ]);
  const dark = (k: number) => componentColour(k).map((channel) => Math.round(0.18 * channel));
  expect([at(x, cell + 10), at(x, cell + 70)]).toEqual([componentColour(0), dark(0)]);
  expect(at(x + 56, cell + 10)).toEqual(componentColour(1));
  expect([at(x, 2 * cell + 10), at(x, 3 * cell + 10)]).toEqual([
    [255, 255, 255],
    [0, 0, 0],
  ]);
});

it('draws every step of every sequence in its own place', () => {
  const [steps, batch] = [3, 2];
  // Images are told by their greys: number n = step · batch + index has n/8, and predictions of (2n + k)/16.
  const inputs = Float32Array.from({ length: steps * batch * 4 }, (_, i) => Math.floor(i / 4) / 8);
  const predictions = Float32Array.from({ length: steps * batch * 8 }, (_, i) => Math.floor(i / 4) / 16);
  const owners = [0, 1, 1, 0, 0, 1];
  const gamma = predictions.map((_, i) => (owners[Math.floor(i / 8)] === Math.floor(i / 4) % 2 ? 1 : 0));
  const { width, data } = decode(groupingPicture({ ...grouping(steps, batch), inputs, gamma, predictions }));
  const cell = 2 * 56 + 4;
  const at = (step: number, index: number, row: number) => {
    const start = 3 * ((4 + index * (4 * cell + 4) + row * cell) * width + 4 + step * cell);
    return Array.from(data.slice(start, start + 3));
  };
  const grey = (value: number) => new Array(3).fill(Math.round(255 * value));
  for (let n = 0; n < steps * batch; n++) {
    const [step, index] = [Math.floor(n / batch), n % batch];
    const light = 0.18 + (1 - 0.18) * (n / 8);
    expect([0, 1, 2, 3].map((row) => at(step, index, row))).toEqual([
      grey(n / 8),
      componentColour(owners[n]!).map((channel) => Math.round(light * channel)),
      grey((2 * n) / 16),
      grey((2 * n + 1) / 16),
    ]);
  }
});

it('draws a sequence in a line, at most 11 of its frames, and every frame in the animation', () => {
  const cell = 2 * 56 + 4;
  expect(decode(groupingPicture(grouping(20, 2))).width).toBe(11 * cell + 4);
  const gif = groupingAnimation(grouping(3, 2));
  expect(new TextDecoder().decode(gif.subarray(0, 6))).toBe('GIF89a');
  // Each frame has a descriptor of its own, after a control block with its delay of 12 hundredths of a second.
  const delays = gif.filter((_, i) => gif[i] === 0x21 && gif[i + 1] === 0xf9 && gif[i + 4] === 12).length;
  expect(delays).toBe(3);
});

it.each([groupingPicture, groupingAnimation])('names a field that is missing, and the remedy: %o', (draw) => {
  const whole = grouping(1, 1);
  expect(() => draw({ ...whole, inputs: undefined } as never)).toThrow(
    new ReportError(
      'inputs of the grouping is missing: give the images that were grouped, a Float32Array from 0 to 1 of [steps, batch, height, width].',
    ),
  );
  // What `{ ...grouping, inputs }` of a grouping of @nem/models is.
  const { inputs, gamma, predictions, ...shape } = whole;
  expect(() => draw({ inputs, gamma, predictions, shape } as never)).toThrow(
    new ReportError(
      'steps of the grouping is missing: spread its shape too, { ...grouping.shape, ...grouping, inputs }.',
    ),
  );
  expect(() => draw({ ...whole, gamma: [1] } as never)).toThrow(
    'gamma of the grouping is no Float32Array: give a Float32Array.',
  );
  expect(() => draw(undefined as never)).toThrow('the grouping is undefined: give an object.');
});

it('draws a γ that is no number in the colour of no component', () => {
  const { width, data } = decode(groupingPicture({ ...grouping(1, 1), gamma: new Float32Array(8).fill(Number.NaN) }));
  const at = 3 * ((2 * 56 + 8 + 10) * width + 10);
  expect([...data.slice(at, at + 3)]).toEqual(NO_VALUE);
});

it('refuses arrays of other lengths', () => {
  expect(() => groupingPicture({ ...grouping(1, 1), gamma: new Float32Array(4) })).toThrow(
    new ReportError(
      'the grouping has 4 pixels, 4 values of γ and 8 of ψ: give inputs of 4 values, and gamma and predictions of 8 each.',
    ),
  );
});
