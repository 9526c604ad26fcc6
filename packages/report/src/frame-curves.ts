import { type LineChartSeries, type LineChartTheme, lineChartSvg } from './line-chart.js';

/** Mean and quartiles of a score at one frame. */
export interface FrameScore {
  readonly frame: number;
  readonly mean: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** A score by frame, e.g. AMI of one test; the band is from the lower to the upper quartile of the inputs. */
export function frameCurvesSvg(
  title: string,
  scores: readonly { readonly name: string; readonly frames: readonly FrameScore[] }[],
  { theme, xName = 'frame' }: { theme?: LineChartTheme; xName?: string } = {},
): string {
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
  return lineChartSvg({
    title,
    note: 'lines: mean over the inputs; bands: from the lower to the upper quartile',
    xName,
    yName: 'AMI (max)',
    yRange: [0, 1],
    series,
    theme,
  });
}
