import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { componentColour, toHex } from '../palette.js';
import { ReportError } from '../report-error.js';
import { type Names, requireOptions } from '../require-options.js';
import { textWidth } from '../svg.js';
import { type ChartTheme, chartSvg, isFiniteNumber, LEGEND_SIZE, LEGEND_SYMBOL, LIGHT, linePoints } from './chart.js';

export interface LineChartPoint {
  readonly x: number;
  /** NaN leaves a gap. */
  readonly y: number;
  /** Ends of the band, or of the error bar; left out: none. */
  readonly low?: number;
  readonly high?: number;
}

export interface LineChartSeries {
  readonly name: string;
  /** In order of x. */
  readonly points: readonly LineChartPoint[];
}

export interface LineChartOptions {
  readonly title: string;
  /** A line below the title. Default none. */
  readonly note?: string;
  readonly xName: string;
  readonly yName: string;
  /** What the ordinate shows at least; it goes lower where values do. Default: what the data need. */
  readonly yRange?: readonly [number, number];
  /** How low and high are drawn. Default `band`. */
  readonly spread?: 'band' | 'bars';
  /** At least one. */
  readonly series: readonly LineChartSeries[];
  /** Default {@link LIGHT}. */
  readonly theme?: ChartTheme;
}

const NAMES: Names<LineChartOptions> = {
  title: true,
  note: true,
  xName: true,
  yName: true,
  yRange: true,
  spread: true,
  series: true,
  theme: true,
};

const WIDTH = 760;
const HEIGHT = 420;
const LEGEND_LINE = 22;
const LEGEND_LEFT = 12;
const LEGEND_GAP = 8;
/** Names that a legend has below one another before it has columns. */
const LEGEND_COLUMN = 6;

const colour = (index: number) => toHex(componentColour(index));

const line = ({ name, points }: LineChartSeries, index: number, dotted: boolean): LineSeriesOption => ({
  type: 'line',
  name,
  z: 3,
  data: linePoints(points, dotted),
  symbolSize: 6,
  lineStyle: { color: colour(index), width: 2 },
  itemStyle: { color: colour(index) },
});

/** A point with both ends of its spread. */
type SpreadPoint = LineChartPoint & { readonly low: number; readonly high: number };

const spreadPoints = ({ points }: LineChartSeries): SpreadPoint[] =>
  points.filter((point): point is SpreadPoint => isFiniteNumber(point.low) && isFiniteNumber(point.high));

/** What draws the spread of a series beneath its line; the ordinate shows both of its ends. */
const beneath = (points: readonly SpreadPoint[], renderItem: CustomSeriesOption['renderItem']): CustomSeriesOption => ({
  type: 'custom',
  z: 2,
  silent: true,
  data: points.map(({ x, low, high }) => [x, low, high]),
  encode: { x: 0, y: [1, 2] },
  renderItem,
});

/** The band of a series as one polygon. */
function band(series: LineChartSeries, index: number): CustomSeriesOption {
  const points = spreadPoints(series);
  return beneath(points, ({ dataIndex }, api) => {
    // The first point's item is the whole band.
    if (dataIndex > 0) return undefined;
    const upper = points.map(({ x, high }) => api.coord([x, high]));
    const lower = points.map(({ x, low }) => api.coord([x, low])).reverse();
    return {
      type: 'polygon',
      shape: { points: [...upper, ...lower] },
      style: { fill: colour(index), opacity: 0.2 },
    };
  });
}

const CAP = 5;

/** A vertical line with two caps at each point. */
function bars(series: LineChartSeries, index: number): CustomSeriesOption {
  const points = spreadPoints(series);
  return beneath(points, ({ dataIndex }, api) => {
    const { x, low, high } = points[dataIndex]!;
    const [centre, bottom] = api.coord([x, low]) as [number, number];
    const [, top] = api.coord([x, high]) as [number, number];
    const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour(index), lineWidth: 1.5 },
    });
    const caps = [bottom, top].map((y) => stroke(centre - CAP, y, centre + CAP, y));
    return { type: 'group', children: [stroke(centre, bottom, centre, top), ...caps] };
  });
}

const SPREADS = { band, bars } as const;

/** The names of a legend by column, and the width of a column: many stand in as many as the longest leaves room for. */
function legendColumns(names: readonly string[]): { columns: string[][]; width: number } {
  const longest = Math.max(...names.map((name) => textWidth(name, LEGEND_SIZE)));
  const width = LEGEND_SYMBOL + 2 * LEGEND_GAP + longest;
  const most = Math.max(1, Math.floor((WIDTH - LEGEND_LEFT) / width));
  const lines = Math.max(LEGEND_COLUMN, Math.ceil(names.length / most));
  const columns = Array.from({ length: Math.ceil(names.length / lines) }, (_, i) =>
    names.slice(i * lines, (i + 1) * lines),
  );
  return { columns, width };
}

/** Most dots on a line; beyond, the line alone shows it. */
const DOTTED_POINTS = 25;

/**
 * Lines of several series over a common axis, with bands or error bars where they are given.
 * @returns an SVG document; equal options give equal bytes
 * @throws ReportError for an unknown option and for no series
 */
export function lineChartSvg(options: LineChartOptions): string {
  requireOptions(options, 'lineChartSvg', NAMES);
  const { title, note, xName, yName, yRange, spread = 'band', series, theme = LIGHT } = options;
  if (series.length === 0) throw new ReportError('There are 0 series to draw: give at least one.');
  const dotted = series.every(({ points }) => points.length <= DOTTED_POINTS);
  const { columns, width } = legendColumns(series.map(({ name }) => name));
  const height = Math.max(...columns.map(({ length }) => length)) * LEGEND_LINE;
  const top = (note ? 70 : 46) + height;
  const values = series.flatMap(({ points }) => points.map(({ x }) => x));
  return chartSvg({
    width: WIDTH,
    height: HEIGHT + height,
    theme,
    title: { text: title, size: 16, note },
    panels: [
      {
        grid: { left: 76, right: 24, top: top + 16, bottom: 58 },
        legends: columns.map((column, i) => ({
          left: LEGEND_LEFT + i * width,
          top: note ? 62 : 40,
          orient: 'vertical',
          itemGap: LEGEND_GAP,
          names: column,
        })),
        yName,
        yRange,
      },
    ],
    x: { name: xName, nameGap: 32, values },
    series: series.flatMap((one, i) => [
      ...(one.points.some(({ low }) => isFiniteNumber(low)) ? [SPREADS[spread](one, i)] : []),
      line(one, i, dotted),
    ]),
  });
}
