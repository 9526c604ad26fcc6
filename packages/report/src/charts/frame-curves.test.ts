import { expect, it } from 'vitest';
import { frameCurvesSvg } from './frame-curves.js';
import { lineChartSvg } from './line-chart.js';

it('draws the mean at each frame, with a band from the lower to the upper quartile', () => {
  const frames = [
    { frame: 1, mean: 0.25, lowerQuartile: 0.125, upperQuartile: 0.3125 },
    { frame: 2, mean: 0.5, lowerQuartile: 0.375, upperQuartile: 0.5625 },
    { frame: 3, mean: 0.75, lowerQuartile: 0.625, upperQuartile: 0.8125 },
  ];
  const points = [
    { x: 1, y: 0.25, low: 0.125, high: 0.3125 },
    { x: 2, y: 0.5, low: 0.375, high: 0.5625 },
    { x: 3, y: 0.75, low: 0.625, high: 0.8125 },
  ];
  const options = { title: 'Scores', yName: 'AMI', yRange: [0, 1] } as const;
  const note = 'lines: mean over the inputs; bands: from the lower to the upper quartile';
  expect(frameCurvesSvg({ ...options, scores: [{ name: 'test', frames }] })).toBe(
    lineChartSvg({ ...options, note, xName: 'frame', series: [{ name: 'test', points }] }),
  );
});
