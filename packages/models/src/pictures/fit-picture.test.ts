import { deriveKey, fillUniform } from '@nem/random';
import { expect, it } from 'vitest';
import { fitPicture } from './fit-picture.js';

const picture = (height: number, width: number, values: ArrayLike<number>) => ({
  ...{ height, width },
  data: Uint8Array.from(values),
});
const grey = (found: Float32Array) => Array.from(found, (value) => Math.round(255 * value));
/** Grey as it is: neither turned round nor made black and white. */
const plain = { invert: false, threshold: false } as const;

it('pads a picture of another shape in its middle, with the brightness that half of it is darker than', () => {
  const wide = picture(2, 4, [10, 90, 10, 30, 50, 10, 10, 70]);
  const target = { height: 4, width: 4, binary: true };
  expect(grey(fitPicture(wide, target, plain))).toEqual([
    ...[30, 30, 30, 30],
    ...[10, 90, 10, 30],
    ...[50, 10, 10, 70],
    ...[30, 30, 30, 30],
  ]);
  const high = picture(4, 2, [10, 50, 90, 10, 10, 10, 30, 70]);
  expect(grey(fitPicture(high, target, plain))).toEqual([
    ...[30, 10, 50, 30],
    ...[30, 90, 10, 30],
    ...[30, 10, 10, 30],
    ...[30, 30, 70, 30],
  ]);
});

it('crops to the middle of a picture', () => {
  const wide = picture(2, 4, [10, 90, 20, 30, 50, 40, 60, 70]);
  expect(grey(fitPicture(wide, { height: 2, width: 2, binary: true }, { ...plain, fit: 'crop' }))).toEqual([
    90, 20, 40, 60,
  ]);
  const high = picture(4, 1, [10, 90, 20, 30]);
  expect(grey(fitPicture(high, { height: 2, width: 1, binary: true }, { ...plain, fit: 'crop' }))).toEqual([90, 20]);
});

it('averages what a pixel covers, and makes pixels squares where it enlarges', () => {
  const small = picture(2, 3, [10, 20, 30, 40, 50, 60]);
  const large = fitPicture(small, { height: 4, width: 6, binary: true }, plain);
  expect(grey(large)).toEqual([
    ...[10, 10, 20, 20, 30, 30],
    ...[10, 10, 20, 20, 30, 30],
    ...[40, 40, 50, 50, 60, 60],
    ...[40, 40, 50, 50, 60, 60],
  ]);
  const again = fitPicture(picture(4, 6, grey(large)), { height: 2, width: 3, binary: true }, plain);
  expect(grey(again)).toEqual([10, 20, 30, 40, 50, 60]);
  expect(grey(fitPicture(small, { height: 1, width: 1, binary: true }, { ...plain, fit: 'crop' }))).toEqual([35]);
});

it('leaves a picture that is an input of the network already as it is', () => {
  for (let i = 0; i < 50; i++) {
    const draws = fillUniform(deriveKey(i, 'picture'), new Float32Array(30));
    const bits = Array.from(draws, (draw) => (draw < 0.2 ? 255 : 0));
    expect(grey(fitPicture(picture(5, 6, bits), { height: 5, width: 6, binary: true }))).toEqual(bits);
    const dim = Array.from(draws, (draw) => Math.floor(120 * draw));
    expect(grey(fitPicture(picture(5, 6, dim), { height: 5, width: 6, binary: false }))).toEqual(dim);
  }
});

it('turns a picture round where most of it is bright or where it is told to, and takes the threshold that is given', () => {
  const target = { height: 1, width: 4, binary: true };
  const [dark, bright] = [picture(1, 4, [0, 60, 0, 200]), picture(1, 4, [255, 195, 255, 55])];
  const evenLight = false;
  for (const options of [{}, { invert: true }]) {
    expect([...fitPicture(bright, target, { ...options, evenLight })]).toEqual([0, 0, 0, 1]);
  }
  expect([...fitPicture(bright, target, { invert: false, evenLight })]).toEqual([1, 1, 1, 0]);
  expect([...fitPicture(dark, target, { threshold: 0.2 })]).toEqual([0, 1, 0, 1]);
  expect([...fitPicture(dark, target, { threshold: 0.9 })]).toEqual([0, 0, 0, 0]);
});

it.each([
  [{ fit: 'stretch' as 'pad' }, "fit is 'stretch': use 'crop' or 'pad'."],
  [{ threshold: 1 }, 'the threshold is 1: give a number of at least 0 and below 1, or false.'],
  [{ threshold: -0.1 }, 'the threshold is -0.1: give a number of at least 0 and below 1, or false.'],
])('refuses %j', (options, sentence) => {
  expect(() => fitPicture(picture(1, 1, [0]), { height: 1, width: 1, binary: true }, options)).toThrow(sentence);
});

it.each([
  [0, 1],
  [1, 0],
])('refuses a picture of %d×%d', (height, width) => {
  const target = { height: 1, width: 1, binary: true };
  expect(() => fitPicture(picture(height, width, []), target)).toThrow(
    `the picture is ${height}×${width}: give one with pixels.`,
  );
});
