import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { ReportError } from '../report-error.js';
import { files, svgToPng } from './raster.fixture.js';
import { prepareRaster } from './raster.js';

const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">${content}</svg>`;
const darkPixels = ({ data, channels }: ReturnType<typeof decode>) =>
  Array.from(data).filter((value, i) => i % channels === 0 && value < 128).length;

describe('svgToPng', () => {
  it('draws at twice the size on white', async () => {
    const png = decode(svgToPng(svg('<rect x="10" y="5" width="5" height="5" fill="#0072b2"/>')));
    const at = (x: number, y: number) => Array.from(png.data.slice((y * 120 + x) * 4, (y * 120 + x) * 4 + 4));
    expect([png.width, png.height, png.channels]).toEqual([120, 40, 4]);
    expect(at(0, 0)).toEqual([255, 255, 255, 255]);
    expect(at(20, 10)).toEqual([0, 114, 178, 255]);
    expect(at(29, 19)).toEqual([0, 114, 178, 255]);
    expect(at(30, 20)).toEqual([255, 255, 255, 255]);
  });

  it('draws at a given width', async () => {
    const png = decode(svgToPng(svg(''), { width: 90 }));
    expect([png.width, png.height]).toEqual([90, 30]);
  });

  it.each(['DejaVu Sans', 'sans-serif', 'A Font That Nobody Has'])(
    'sets text in its own font for %s',
    async (family) => {
      const text = (extra: string) =>
        svg(`<text x="2" y="15" font-size="14" font-family="${family}"${extra}>γ x̃ ψ</text>`);
      const regular = darkPixels(decode(svgToPng(text(''))));
      const bold = darkPixels(decode(svgToPng(text(' font-weight="bold"'))));
      expect(regular).toBeGreaterThan(150);
      expect(bold).toBeGreaterThan(regular);
    },
  );

  it('draws the same bytes each time, prepared again and at once too', async () => {
    const one = svg('<text x="2" y="15">k = 1</text>');
    const [first, second] = await Promise.all([prepareRaster(files), prepareRaster(files)]);
    expect(first(one)).toEqual(svgToPng(one));
    expect(second(one)).toEqual(svgToPng(one));
  });

  it.each([0, -3, 2.5, Number.NaN])('refuses a width of %d', (width) => {
    expect(() => svgToPng(svg(''), { width })).toThrow(`The width of the picture is ${width}`);
  });

  it.each(['', 'no markup', '<svg', svg('<text>&nothing;</text>')])('refuses %j', (markup) => {
    expect(() => svgToPng(markup)).toThrow(ReportError);
  });
});
