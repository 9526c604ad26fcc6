import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { componentColour, toHex } from '../palette.js';
import { ReportError } from '../report-error.js';
import { syntheticSample } from '../synthetic-run.fixture.js';
import { chooseSteps, type OverviewSample, overviewSvg } from './overview.js';
import { svgToPng } from './raster.fixture.js';

const three = syntheticSample(5, { side: 28, steps: 15, components: 3, objects: 3 });

const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
const images = (svg: string) => svg.match(/<image [^>]*>/g) ?? [];
const texts = (svg: string) => Array.from(svg.matchAll(/<text [^>]*>([^<]*)</g), ([, text]) => text);

/** The picture as drawn, one pixel of the PNG for one of the SVG. */
async function drawn(svg: string) {
  const width = Number(attribute(svg, 'width'));
  const png = decode(svgToPng(svg, { width }));
  const at = (x: number, y: number) => {
    const start = (y * png.width + x) * png.channels;
    return Array.from(png.data.subarray(start, start + 3));
  };
  return { width, height: png.height, at };
}

/** Where the pictures of a sample's row are on the page: corner of each, from its place in its block and of the block. */
function corners(svg: string, sample: number, rowOfPictures: number, columns: number) {
  const block = svg.split('<g transform="translate(').slice(2)[sample]!;
  const [blockX, blockY] = block
    .match(/^(\d+) (\d+)\)/)!
    .slice(1)
    .map(Number);
  return images(block)
    .slice(rowOfPictures * columns, (rowOfPictures + 1) * columns)
    .map((tag) => ({ x: blockX! + Number(attribute(tag, 'x')), y: blockY! + Number(attribute(tag, 'y')) }));
}

describe('chooseSteps', () => {
  it('takes every step where there are few', () => {
    expect(chooseSteps(4, 10)).toEqual([0, 1, 2, 3]);
    expect(chooseSteps(1, 10)).toEqual([0]);
  });

  it('spreads them evenly from the first to the last where there are many', () => {
    expect(chooseSteps(50, 8)).toEqual([0, 7, 14, 21, 28, 35, 42, 49]);
    for (const steps of [11, 15, 20, 51, 1000]) {
      const chosen = chooseSteps(steps, 10);
      expect([chosen[0], chosen.at(-1), new Set(chosen).size]).toEqual([0, steps - 1, 10]);
    }
  });
});

describe('overviewSvg', () => {
  it('has a picture for every row and step, and labels for them', () => {
    const svg = overviewSvg([three, { ...three, targets: undefined }], { maxSteps: 4 });
    expect(images(svg).length).toBe(4 * (4 + 3) + 4 * (3 + 3));
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['sample 1', 'sample 2', 'input x̃ (noisy)', 'target x (clean)', 'true groups', 'γ']),
    );
    expect(texts(svg).filter((text) => text === 'target x (clean)').length).toBe(1);
    expect(texts(svg).filter((text) => text?.startsWith('t = '))).toEqual([
      ...['t = 1', 't = 6', 't = 10', 't = 15'],
      ...['t = 1', 't = 6', 't = 10', 't = 15'],
    ]);
    expect(texts(svg).filter((text) => text?.startsWith('ψ, k = '))).toEqual([
      ...['ψ, k = 1', 'ψ, k = 2', 'ψ, k = 3'],
      ...['ψ, k = 1', 'ψ, k = 2', 'ψ, k = 3'],
    ]);
  });

  it('frames each prediction in the colour of its component', () => {
    const svg = overviewSvg([three], { maxSteps: 5 });
    for (let k = 0; k < 3; k++) {
      const borders = svg.match(new RegExp(`<rect [^>]*stroke="${toHex(componentColour(k))}"[^>]*>`, 'g'));
      expect(borders?.length).toBe(5);
    }
  });

  it('shows γ in colours pixel for pixel, inside a picture on white', async () => {
    const hard: OverviewSample = { ...three, gamma: three.gamma.map((value) => (value > 0.4 ? 1 : 0)) };
    const svg = overviewSvg([three, hard], { maxSteps: 3, samplesPerRow: 1 });
    const picture = await drawn(svg);
    const { x, y } = corners(svg, 1, 3, 3)[2]!;
    const last = (k: number, pixel: number) => hard.gamma[(14 * 3 + k) * 784 + pixel];
    for (let pixel = 0; pixel < 784; pixel++) {
      const owner = [0, 1, 2].find((k) => last(k, pixel) === 1)!;
      const seen = picture.at(x + 2 * (pixel % 28), y + 2 * Math.floor(pixel / 28));
      expect(seen).toEqual(componentColour(owner));
    }
    expect(picture.at(0, 0)).toEqual([255, 255, 255]);
  });

  it('shows each row its own frames, in grey', async () => {
    const svg = overviewSvg([three], { maxSteps: 3 });
    const picture = await drawn(svg);
    const rows = [
      [0, three.inputs.subarray(7 * 784)],
      [1, three.targets!.subarray(7 * 784)],
      [6, three.predictions.subarray((7 * 3 + 2) * 784)],
    ] as const;
    for (const [index, values] of rows) {
      const { x, y } = corners(svg, 0, index, 3)[1]!;
      for (let pixel = 0; pixel < 784; pixel++) {
        const grey = Math.round(255 * values[pixel]!);
        expect(picture.at(x + 2 * (pixel % 28), y + 2 * Math.floor(pixel / 28))).toEqual([grey, grey, grey]);
      }
    }
    const { x, y } = corners(svg, 0, 6, 3)[1]!;
    expect(picture.at(x - 1, y - 1)).toEqual(componentColour(2));
  });

  it('draws its labels and cuts nothing at its edges', async () => {
    const title = 'A title that is far too long for the figure of one small sample with a single step & <markup>';
    const small = syntheticSample(2, { side: 24, steps: 1, components: 12, objects: 2 });
    const svg = overviewSvg([small], { title, labels: ['a "label" of one <sample> that has no room '.repeat(3)] });
    const picture = await drawn(svg);
    const isWhite = (x: number, y: number) => picture.at(x, y).every((channel) => channel === 255);
    for (let y = 0; y < picture.height; y++) expect(isWhite(picture.width - 8, y) && isWhite(8, y)).toBe(true);
    for (let x = 0; x < picture.width; x++) expect(isWhite(x, picture.height - 8) && isWhite(x, 8)).toBe(true);
    const inTitle = Array.from({ length: 200 * 20 }, (_, i) => isWhite(16 + (i % 200), 16 + Math.floor(i / 200)));
    expect(inTitle.filter((white) => !white).length).toBeGreaterThan(400);
  });

  it('escapes titles and labels', () => {
    const svg = overviewSvg([three], { title: '<script>"&', labels: ["<b>'x'"], maxSteps: 2 });
    expect(svg).not.toMatch(/<script|<b>/);
    expect(texts(svg)).toEqual(expect.arrayContaining(['&lt;script&gt;&quot;&amp;', '&lt;b&gt;&#39;x&#39;']));
  });

  it('marks values that are no number', async () => {
    const svg = overviewSvg([{ ...three, gamma: new Float32Array(three.gamma.length).fill(Number.NaN) }]);
    const { x, y } = corners(svg, 0, 3, 10)[4]!;
    expect((await drawn(svg)).at(x + 20, y + 20)).toEqual([255, 0, 255]);
    expect(svg).not.toContain('NaN');
  });

  it('gives equal bytes for equal samples', () => {
    expect(overviewSvg([three])).toBe(overviewSvg([three]));
  });

  it('draws samples of different sizes without overlap', () => {
    const large = syntheticSample(3, { side: 64, steps: 2, components: 5, objects: 2 });
    const svg = overviewSvg([large, three, three], { samplesPerRow: 2 });
    const [first, second, third] = [0, 1, 2].map((sample) => corners(svg, sample, 0, sample === 0 ? 2 : 10));
    expect(second![0]!.x).toBeGreaterThan(first![1]!.x + 64);
    expect(third![0]!.y).toBeGreaterThan(corners(svg, 0, 8, 2)[1]!.y + 64);
  });

  it.each<[string, () => string, string]>([
    ['no sample', () => overviewSvg([]), 'There are 0 samples'],
    ['one step at most', () => overviewSvg([three], { maxSteps: 1 }), 'maxSteps is 1'],
    ['no sample in a row', () => overviewSvg([three], { samplesPerRow: 0 }), 'samplesPerRow is 0'],
    ['a sample of a wrong length', () => overviewSvg([three, { ...three, steps: 14 }]), 'of sample 1 has'],
  ])('refuses %s', (_, draw, message) => {
    expect(draw).toThrow(ReportError);
    expect(draw).toThrow(message);
  });
});
