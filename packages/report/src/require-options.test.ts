import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { curvesSvg, frameCurvesSvg, lineChartSvg } from './charts.js';
import { formatDuration, overviewSvg, prepareRaster, ReportError } from './index.js';
import { syntheticSample } from './synthetic-run.fixture.js';

const wasm = readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'));
const chart = { title: 'a', xName: 'x', yName: 'y', series: [{ name: 'b', points: [{ x: 0, y: 0 }] }] };

describe('an option that there is not', () => {
  it.each<[name: string, call: () => unknown, message: string]>([
    [
      'overviewSvg',
      () =>
        overviewSvg([syntheticSample(1, { side: 6, steps: 3, components: 2, objects: 1 })], { maxStep: 3 } as object),
      "overviewSvg has no option 'maxStep' (did you mean maxSteps?): give any of title, labels, maxSteps, samplesPerRow.",
    ],
    [
      'prepareRaster',
      () => prepareRaster({ wasm, font: [] } as never),
      "prepareRaster has no option 'font' (did you mean",
    ],
    [
      'what it returns',
      async () => (await prepareRaster({ wasm, fonts: [] }))('<svg/>', { widths: 3 } as object),
      "svgToPng has no option 'widths' (did you mean width?): give any of width.",
    ],
    ['lineChartSvg', () => lineChartSvg({ ...chart, notes: 'c' } as never), "lineChartSvg has no option 'notes'"],
    [
      'formatDuration',
      () => formatDuration(3, { fix: true } as object),
      "formatDuration has no option 'fix' (did you mean fix",
    ],
    ['frameCurvesSvg', () => frameCurvesSvg({ title: 'a', yName: 'y', score: [] } as never), 'did you mean scores?'],
    ['curvesSvg', () => curvesSvg({ epoch: [] } as never), "curvesSvg has no option 'epoch' (did you mean epochs?)"],
    ['no object', () => overviewSvg([], 5 as never), 'the options of overviewSvg are no object: give an object with'],
  ])('%s refuses', async (_, call, message) => {
    const error = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReportError);
    expect((error as Error).message).toContain(message);
  });
});
