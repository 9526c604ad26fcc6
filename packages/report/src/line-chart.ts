import { CustomChart, type CustomSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { chartSvg, formatTick, formatWholeTick, wholeRange } from './chart-svg.js';
import { componentColour, toHex } from './palette.js';
import { ReportError } from './report-error.js';
import { FONT_FAMILY, fitText, INK } from './svg.js';

use([LineChart, CustomChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** Colours of everything but the lines. */
export interface LineChartTheme {
  readonly paper: string;
  readonly ink: string;
  readonly note: string;
  readonly grid: string;
}

export const LIGHT: LineChartTheme = { paper: '#ffffff', ink: INK, note: '#57606a', grid: '#e4e7eb' };
export const DARK: LineChartTheme = { paper: '#161b22', ink: '#e6edf3', note: '#9ea7b3', grid: '#30363d' };

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
  /** Default: what the data need. */
  readonly yRange?: readonly [number, number];
  /** How low and high are drawn. Default `band`. */
  readonly spread?: 'band' | 'bars';
  /** At least one. */
  readonly series: readonly LineChartSeries[];
  /** Default {@link LIGHT}. */
  readonly theme?: LineChartTheme;
}

const WIDTH = 760;
const HEIGHT = 420;
const LEGEND_LINE = 22;

const finite = (value: number | undefined): value is number => Number.isFinite(value);

const colour = (index: number) => toHex(componentColour(index));

function line({ name, points }: LineChartSeries, index: number, dotted: boolean): LineSeriesOption {
  return {
    type: 'line',
    name,
    z: 3,
    data: points.map(({ x, y }, i) => {
      const alone = !finite(points[i - 1]?.y) && !finite(points[i + 1]?.y);
      return { value: [x, finite(y) ? y : '-'], symbol: dotted || alone ? 'circle' : 'none' };
    }),
    symbolSize: 6,
    lineStyle: { color: colour(index), width: 2 },
    itemStyle: { color: colour(index) },
  };
}

/** The band of a series as one polygon. */
function band({ points }: LineChartSeries, index: number): CustomSeriesOption {
  const spread = points.filter(({ low, high }) => finite(low) && finite(high));
  return {
    type: 'custom',
    z: 2,
    silent: true,
    data: spread.length === 0 ? [] : [[spread[0]!.x, spread[0]!.low!]],
    renderItem: (_params, api) => {
      const upper = spread.map(({ x, high }) => api.coord([x, high!]));
      const lower = spread.map(({ x, low }) => api.coord([x, low!])).reverse();
      return {
        type: 'polygon',
        shape: { points: [...upper, ...lower] },
        style: { fill: colour(index), opacity: 0.2 },
      };
    },
  };
}

const CAP = 5;

/** An upright with two caps at each point. */
function bars({ points }: LineChartSeries, index: number): CustomSeriesOption {
  const spread = points.filter(({ low, high }) => finite(low) && finite(high));
  return {
    type: 'custom',
    z: 2,
    silent: true,
    data: spread.map(({ x, low }) => [x, low!]),
    renderItem: ({ dataIndex }, api) => {
      const { x, low, high } = spread[dataIndex]!;
      const [centre, bottom] = api.coord([x, low!]) as [number, number];
      const [, top] = api.coord([x, high!]) as [number, number];
      const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour(index), lineWidth: 1.5 },
      });
      return {
        type: 'group',
        children: [
          stroke(centre, bottom, centre, top),
          ...[bottom, top].map((y) => stroke(centre - CAP, y, centre + CAP, y)),
        ],
      };
    },
  };
}

function axis(name: string, { ink, note, grid }: LineChartTheme, formatter = formatTick) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameTextStyle: { color: ink, fontSize: 13 },
    axisLabel: { color: ink, fontSize: 12, formatter, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: note }, onZero: false },
    axisTick: { show: true, lineStyle: { color: note } },
    splitLine: { lineStyle: { color: grid } },
  };
}

/** Most dots on a line; beyond, the line alone shows it. */
const DOTTED_POINTS = 25;

/**
 * Lines of several series over a common axis, with bands or error bars where they are given.
 * @returns an SVG document; equal options give equal bytes
 * @throws ReportError for no series
 */
export function lineChartSvg(options: LineChartOptions): string {
  const { title, note, xName, yName, yRange, spread = 'band', series, theme = LIGHT } = options;
  if (series.length === 0) throw new ReportError('There are 0 series to draw: give at least one.');
  const dotted = series.every(({ points }) => points.length <= DOTTED_POINTS);
  const top = (note ? 70 : 46) + series.length * LEGEND_LINE;
  const [min, max] = yRange ?? [undefined, undefined];
  const y = { ...axis(yName, theme), nameGap: 52, scale: true, max };
  const chart: EChartsCoreOption = {
    animation: false,
    backgroundColor: theme.paper,
    textStyle: { fontFamily: FONT_FAMILY },
    title: {
      text: fitText(title, WIDTH - 32, 16),
      subtext: note,
      left: 16,
      top: 10,
      itemGap: 8,
      textStyle: { color: theme.ink, fontSize: 16, fontWeight: 'bold' },
      subtextStyle: { color: theme.note, fontSize: 12 },
    },
    legend: {
      left: 12,
      orient: 'vertical',
      itemGap: 8,
      top: note ? 62 : 40,
      itemWidth: 24,
      itemStyle: { opacity: 0 },
      textStyle: { color: theme.ink, fontSize: 12 },
      data: series.map(({ name }) => name),
    },
    grid: { left: 76, right: 24, top: top + 16, bottom: 58 },
    xAxis: {
      ...axis(xName, theme, formatWholeTick),
      ...wholeRange(series.flatMap(({ points }) => points.map(({ x }) => x))),
      nameGap: 32,
      minInterval: 1,
      splitLine: { show: false },
    },
    yAxis: min === undefined ? y : { ...y, min: ({ min: least }: { min: number }) => Math.min(min, least) },
    series: series.flatMap((one, i) => [
      ...(one.points.some(({ low }) => finite(low)) ? [spread === 'band' ? band(one, i) : bars(one, i)] : []),
      line(one, i, dotted),
    ]),
  };
  return chartSvg(chart, WIDTH, HEIGHT + series.length * LEGEND_LINE);
}
