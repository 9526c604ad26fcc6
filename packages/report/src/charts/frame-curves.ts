import { type Names, requireOptions } from '../require-options.js';
import type { ChartTheme } from './chart.js';
import { type LineChartSeries, lineChartSvg } from './line-chart.js';

/** Mean and quartiles of a score at one frame. */
export interface FrameScore {
  readonly frame: number;
  readonly mean: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export interface FrameCurvesOptions {
  readonly title: string;
  /** What a point is of. Default `frame`. */
  readonly xName?: string;
  /** The score. */
  readonly yName: string;
  /** What the ordinate shows at least; it goes lower where values do. Default: what the values need. */
  readonly yRange?: readonly [number, number];
  /** One line each. */
  readonly scores: readonly { readonly name: string; readonly frames: readonly FrameScore[] }[];
  readonly theme?: ChartTheme;
}

const NAMES: Names<FrameCurvesOptions> = {
  title: true,
  xName: true,
  yName: true,
  yRange: true,
  scores: true,
  theme: true,
};

/**
 * A score by frame, e.g. AMI of one test; the band is from the lower to the upper quartile of the inputs.
 * @throws ReportError for an unknown option and for no scores
 */
export function frameCurvesSvg(options: FrameCurvesOptions): string {
  requireOptions(options, 'frameCurvesSvg', NAMES);
  const { scores, xName = 'frame', ...others } = options;
  const series = scores.map(
    ({ name, frames }): LineChartSeries => ({
      name,
      points: frames.map(({ frame, mean, lowerQuartile, upperQuartile }) => ({
        x: frame,
        y: mean,
        low: lowerQuartile,
        high: upperQuartile,
      })),
    }),
  );
  const note = 'lines: mean over the inputs; bands: from the lower to the upper quartile';
  return lineChartSvg({ ...others, note, xName, series });
}
