import { expect, it } from 'vitest';
import { evenLight } from './even-light.js';
import { fitPicture } from './fit-picture.js';

const [height, width] = [210, 280];

/** Paper in light that falls off to the right, with a hard shade over the lower right, and what is drawn on it. */
const picture = (ink: (x: number, y: number) => boolean): Float32Array =>
  Float32Array.from({ length: height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const light = (0.95 - (0.5 * x) / width) * (x + y > 330 ? 0.6 : 1);
    return light * (ink(x, y) ? 0.25 : 1);
  });
/** The outline of a square of 70 pixels, 10 wide. */
const outline = (left: number, top: number) => (x: number, y: number) => {
  const most = Math.max(Math.abs(x - left - 35), Math.abs(y - top - 35));
  return most < 35 && most >= 25;
};
const [first, second] = [outline(40, 30), outline(170, 120)];
const drawn = (x: number, y: number) => first(x, y) || second(x, y);

it('takes gradients and shades of the light away, and leaves what is drawn', () => {
  const even = evenLight(picture(drawn), height, width);
  let wrong = 0;
  even.forEach((value, i) => {
    if (value < 0.6 !== drawn(i % width, Math.floor(i / width))) wrong++;
  });
  // Pixels along the edge of the shade.
  expect(wrong / even.length).toBeLessThan(0.012);
});

it('leaves a picture in even light as it is, a large filled object too', () => {
  const page = Float32Array.from({ length: 100 * 100 }, (_, i) => (i % 100 > 30 && i % 100 < 80 && i > 3000 ? 0.1 : 1));
  const even = evenLight(page, 100, 100);
  expect(even.every((value, i) => value < 0.5 === page[i]! < 0.5)).toBe(true);
  expect(evenLight(new Float32Array(6), 2, 3)).toEqual(new Float32Array(6));
});

it('makes fitPicture find shapes on paper that is partly in the shade, unless it is told not to', () => {
  const data = Uint8Array.from(picture(drawn), (value) => Math.round(255 * value));
  const target = { height: 28, width: 28, binary: true };
  const share = (options: Parameters<typeof fitPicture>[2]) => {
    const lit = fitPicture({ width, height, data }, target, options);
    return lit.reduce((sum, value) => sum + value, 0) / lit.length;
  };
  // Two outlines have a tenth of the pixels, the shade has a quarter.
  expect(share({ invert: true })).toBeLessThan(0.16);
  expect(share({ invert: true })).toBeGreaterThan(0.07);
  expect(share({ invert: true, evenLight: false })).toBeGreaterThan(0.2);
});
