import { componentColour, ReportError, toHex } from '@nem/report';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { EpochRecord } from '../run/epoch-record.js';
import { syntheticEpochs } from '../run/synthetic-epochs.fixture.js';
import { svgToPng } from '../system/svg-to-png.js';
import { trainingCurvesSvg } from './training-curves.js';

const AMI = toHex(componentColour(0));

/** Epochs of these validation AMIs, without scores of training. */
function withScores(scores: readonly number[]): EpochRecord[] {
  return syntheticEpochs(scores.length).map(({ training, validation, ...rest }, i) => ({
    ...rest,
    training: { loss: training.loss },
    validation: { ...validation, adjustedMutualInfo: scores[i]! },
  }));
}

const paths = (svg: string, colour: string) => svg.match(new RegExp(`<path [^>]*stroke="${colour}"[^>]*>`, 'g')) ?? [];

/** The points of a curve's lines, each line from an M on. */
const lines = (svg: string, colour: string) =>
  paths(svg, colour)
    .filter((path) => path.includes('stroke-linejoin="bevel"'))
    .flatMap((path) => / d="([^"]*)"/.exec(path)![1]!.split('M').filter(Boolean))
    .map((line) => line.split(/[L ]/).filter(Boolean).length / 2);

const dots = (svg: string, colour: string) => paths(svg, colour).filter((path) => path.includes('matrix('));

const texts = (svg: string) => Array.from(svg.matchAll(/<text [^>]*>([^<]*)</g), ([, text]) => text);

describe('trainingCurvesSvg', () => {
  it('draws the next-step loss where there are no groups to score', () => {
    const epochs = withScores([Number.NaN, Number.NaN]).map(({ validation, ...rest }, i) => ({
      ...rest,
      validation: { ...validation, adjustedRand: Number.NaN, confidence: Number.NaN, predictionLoss: 90 - i },
    }));
    const heading = 'Negative log likelihood of the next frame';
    expect(texts(trainingCurvesSvg(epochs))).toEqual(expect.arrayContaining([heading, 'next-step loss']));
    expect(texts(trainingCurvesSvg(epochs))).not.toContain('ARI');
    expect(texts(trainingCurvesSvg(withScores([0.5, 0.6])))).not.toContain(heading);
  });

  it('draws one epoch as points', async () => {
    const svg = trainingCurvesSvg(withScores([0.5]));
    expect(dots(svg, AMI).length).toBe(1);
    expect(lines(svg, AMI).filter((points) => points > 1)).toEqual([]);
    const png = decode(await svgToPng(svg));
    const at = (x: number, y: number) =>
      Array.from(png.data.slice((y * png.width + x) * 4, (y * png.width + x) * 4 + 3));
    // AMI 0.5 stands in the middle of the right panel: 594 + 410 / 2 to the right, 124 + 260 / 2 down.
    expect(at(2 * 799 + 3, 2 * 254)).toEqual(componentColour(0));
    expect(at(2 * 799 + 9, 2 * 254)).toEqual([255, 255, 255]);
  });

  it('draws few epochs as a line with dots and many as a line', () => {
    const few = trainingCurvesSvg(withScores(Array.from({ length: 20 }, (_, i) => i / 20)));
    expect([lines(few, AMI), dots(few, AMI).length]).toEqual([[20], 20]);
    const many = trainingCurvesSvg(withScores(Array.from({ length: 500 }, (_, i) => i / 500)));
    expect([lines(many, AMI), dots(many, AMI).length]).toEqual([[500], 0]);
  });

  it('leaves a gap for a missing value and a dot for a value that stands alone', () => {
    const scores = Array.from({ length: 60 }, (_, i) => i / 60);
    for (const missing of [20, 21, 40, 42]) scores[missing] = Number.NaN;
    scores[59] = Number.POSITIVE_INFINITY;
    const svg = trainingCurvesSvg(withScores(scores));
    expect(lines(svg, AMI).filter((points) => points > 1)).toEqual([20, 18, 16]);
    expect(dots(svg, AMI).length).toBe(1);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('leaves out a quantity without values and says so of a panel without any', () => {
    const blank = {
      loss: Number.NaN,
      adjustedRand: Number.NaN,
      adjustedMutualInfo: Number.NaN,
      confidence: Number.NaN,
    };
    const epochs = syntheticEpochs(3).map((record) => ({
      ...record,
      training: { loss: record.training.loss },
      validation: blank,
    }));
    const svg = trainingCurvesSvg(epochs);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['Loss', 'loss', 'Negative log likelihood of the next frame: no finite value']),
    );
    expect(texts(svg)).not.toContain('AMI (max)');
    expect(svg).not.toContain('lowest validation loss');
  });

  it('names its curves, axes and the best epoch', () => {
    const epochs = syntheticEpochs(12).map((record) => ({
      ...record,
      validation: { ...record.validation, loss: Math.abs(record.epoch - 7) },
    }));
    const shown = texts(trainingCurvesSvg(epochs));
    expect(shown).toEqual(
      expect.arrayContaining(['loss', 'AMI (max)', 'ARI', 'confidence', 'epoch', '1', '12', '0.2']),
    );
    expect(shown.some((text) => text?.includes('epoch 7, the lowest validation loss'))).toBe(true);
  });

  it('goes by updates where their losses are given, a thin line that begins before the first epoch ends', () => {
    const epochs = syntheticEpochs(2);
    const last = epochs[1]!.update;
    const losses = Array.from({ length: last / 10 }, (_, i) => ({ update: 10 * (i + 1), loss: 500 - i }));
    losses[3] = { update: 40, loss: Number.NaN };
    const svg = trainingCurvesSvg(epochs, { losses });
    expect(texts(svg)).toEqual(expect.arrayContaining(['updates', '200']));
    expect(texts(svg)).not.toContain('epoch');
    expect(lines(svg, '#8c959f').filter((points) => points > 2)[0]).toBe(3);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(trainingCurvesSvg(epochs, { losses: [] })).toBe(trainingCurvesSvg(epochs));
  });

  it('draws scores below 0', () => {
    const shown = texts(trainingCurvesSvg(withScores([-0.31, 0.2, 0.4])));
    expect(shown).toEqual(expect.arrayContaining(['-0.4', '1']));
  });

  it('labels losses of any size briefly', () => {
    const epochs = syntheticEpochs(5).map((record) => ({
      ...record,
      validation: { ...record.validation, loss: 1e12 * record.epoch },
    }));
    expect(texts(trainingCurvesSvg(epochs))).toEqual(expect.arrayContaining(['1e12', '5e12']));
  });

  it('escapes its title', () => {
    const svg = trainingCurvesSvg(syntheticEpochs(2), { title: '<script>&' });
    expect(svg).not.toContain('<script');
    expect(texts(svg)).toContain('&lt;script&gt;&amp;');
  });

  it('takes null, which JSON has for NaN, for a missing value', () => {
    const epochs = withScores([0.1, Number.NaN, 0.3]);
    expect(trainingCurvesSvg(JSON.parse(JSON.stringify(epochs)))).toBe(trainingCurvesSvg(epochs));
  });

  it('gives equal bytes for equal epochs', () => {
    expect(trainingCurvesSvg(syntheticEpochs(4))).toBe(trainingCurvesSvg(syntheticEpochs(4)));
  });

  it('cuts nothing at its edges', async () => {
    const png = decode(await svgToPng(trainingCurvesSvg(syntheticEpochs(21), { title: 'a long title '.repeat(30) })));
    const isWhite = (x: number, y: number) => png.data[(y * png.width + x) * 4 + 1] === 255;
    for (let y = 0; y < png.height; y++) expect(isWhite(png.width - 8, y) && isWhite(8, y)).toBe(true);
    for (let x = 0; x < png.width; x++) expect(isWhite(x, png.height - 8) && isWhite(x, 8)).toBe(true);
  });

  it('refuses to draw nothing', () => {
    expect(() => trainingCurvesSvg([])).toThrow(ReportError);
  });
});
