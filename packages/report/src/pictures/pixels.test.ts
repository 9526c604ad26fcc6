import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { componentColour, type Rgb } from '../palette.js';
import { BACKGROUND, gammaRaster, greyRaster, groupsRaster, NO_VALUE, pngDataUri } from './pixels.js';

const one = (raster: { data: Uint8Array }, pixel: number) => Array.from(raster.data.subarray(3 * pixel, 3 * pixel + 3));

describe('greyRaster', () => {
  it('clips to black and white', () => {
    const raster = greyRaster(Float32Array.of(-0.5, 0, 0.5, 1, 7, 1e-9), 3, 2);
    expect(raster).toEqual({ width: 3, height: 2, channels: 1, data: Uint8Array.of(0, 0, 128, 255, 255, 0) });
  });

  it('marks what is no finite number and keeps the rest grey', () => {
    const raster = greyRaster(Float32Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY), 3, 1);
    expect([0, 1, 2].map((pixel) => one(raster, pixel))).toEqual([[128, 128, 128], NO_VALUE, NO_VALUE]);
  });
});

describe('gammaRaster', () => {
  it('is the component colour for a hard assignment and the weighted sum for a soft one', () => {
    const gamma = Float32Array.of(1, 0, 0.5, Number.NaN, /* k = 2 */ 0, 1, 0.5, 0.5);
    const raster = gammaRaster(gamma, 2, 2, 2);
    const [a, b] = [componentColour(0), componentColour(1)];
    const middle = [0, 1, 2].map((c) => Math.round((a[c]! + b[c]!) / 2));
    expect([0, 1, 2, 3].map((pixel) => one(raster, pixel))).toEqual([a, b, middle, NO_VALUE]);
  });
});

describe('groupsRaster', () => {
  it('gives each group its colour and the background black', () => {
    const colours: Rgb[] = [
      [9, 9, 9],
      [1, 2, 3],
      [4, 5, 6],
    ];
    const raster = groupsRaster(Uint8Array.of(0, 2, 1), colours, 3, 1);
    expect([0, 1, 2].map((pixel) => one(raster, pixel))).toEqual([BACKGROUND, [4, 5, 6], [1, 2, 3]]);
  });
});

describe('pngDataUri', () => {
  it.each([1, 3] as const)('holds the pixels of %i channels', (channels) => {
    const data = Uint8Array.from({ length: 6 * channels }, (_, i) => 40 * i);
    const uri = pngDataUri({ width: 3, height: 2, channels, data });
    const png = decode(Buffer.from(uri.replace(/^data:image\/png;base64,/, ''), 'base64'));
    expect(png).toMatchObject({ width: 3, height: 2, channels, depth: 8 });
    expect(Uint8Array.from(png.data)).toEqual(data);
  });
});
