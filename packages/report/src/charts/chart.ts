import { CustomChart, type CustomSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { FONT_FAMILY, fitText, INK } from '../svg.js';

// Every chart is drawn here: panels side by side over one abscissa, with lines and what is laid beneath them.

use([LineChart, CustomChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

/** Colours of everything but the lines. */
export interface ChartTheme {
  readonly paper: string;
  readonly ink: string;
  readonly note: string;
  readonly grid: string;
}

export const LIGHT: ChartTheme = { paper: '#ffffff', ink: INK, note: '#57606a', grid: '#e4e7eb' };
export const DARK: ChartTheme = { paper: '#161b22', ink: '#e6edf3', note: '#9ea7b3', grid: '#30363d' };

/** Names of lines, below one another or side by side. Lengths are in pixels. */
interface ChartLegend {
  readonly left: number;
  readonly top: number;
  readonly orient: 'vertical' | 'horizontal';
  readonly itemGap: number;
  readonly names: readonly string[];
}

/** A part of the chart with an ordinate and legends of its own. Lengths are in pixels. */
export interface ChartPanel {
  /** Place of the plot. */
  readonly grid: { left: number; top: number; bottom: number; right?: number; width?: number };
  /** Default none. */
  readonly heading?: { readonly text: string; readonly left: number; readonly top: number };
  readonly legends: readonly ChartLegend[];
  /** Name of the ordinate. Default none. */
  readonly yName?: string;
  /** What the ordinate shows at least; it goes lower where values do. Default: what the values need. */
  readonly yRange?: readonly [number, number];
  /** Distance of the ordinate's ticks. Default: as suits. */
  readonly yTick?: number;
}

/** All that is drawn. */
interface Chart {
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
  /** Colour of the axes. Default: that of notes. */
  readonly axisColour?: string;
  readonly title: { readonly text: string; readonly size: number; readonly note?: string };
  readonly panels: readonly ChartPanel[];
  /** The abscissa of every panel: its name, how far below the axis that stands, and the whole numbers along it. */
  readonly x: { readonly name: string; readonly nameGap: number; readonly values: readonly number[] };
  readonly series: readonly (LineSeriesOption | CustomSeriesOption)[];
}

/** Whether a value is there and finite. */
export const isFiniteNumber = (value: number | undefined): value is number => Number.isFinite(value);

/** Points of a line. A missing value breaks it; a value that stands alone gets a dot, or it would not show. */
export function linePoints(
  points: readonly { readonly x: number; readonly y: number | undefined }[],
  dotted: boolean,
): LineSeriesOption['data'] {
  return points.map(({ x, y }, i) => {
    const alone = !isFiniteNumber(points[i - 1]?.y) && !isFiniteNumber(points[i + 1]?.y);
    return { value: [x, isFiniteNumber(y) ? y : '-'], symbol: dotted || alone ? 'circle' : 'none' };
  });
}

/**
 * ECharts numbers the names in its markup by a counter of the process, and adds styles for hovering that a picture has no
 * use for: without both, equal data give equal bytes.
 */
function withoutRunningNumbers(svg: string): string {
  return svg
    .replace(/<style\s*>.*?<\/style>/gs, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-c/g, 'clip-');
}

/** Short enough for an axis at any size of number. */
function formatTick(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 1e6);
  return plain ? String(Number(value.toPrecision(6))) : value.toExponential().replace('e+', 'e');
}

/** Of an axis of whole numbers (epochs, frames, objects): nothing at what lies between them. */
const formatWholeTick = (value: number): string => (Number.isInteger(value) ? formatTick(value) : '');

/** The range of an axis of values; a single one stands in the middle. */
function rangeOf(values: readonly number[]): { min: number; max: number } {
  const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (values.length === 0) return { min: 0, max: 1 };
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

function axis({ theme, axisColour = theme.note }: Chart, name: string | undefined, formatter = formatTick) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameTextStyle: { color: theme.ink, fontSize: 13 },
    axisLabel: { color: theme.ink, fontSize: 12, formatter, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: axisColour }, onZero: false },
    axisTick: { show: true, lineStyle: { color: axisColour } },
    splitLine: { lineStyle: { color: theme.grid } },
  };
}

function abscissa(chart: Chart, gridIndex: number): object {
  const { name, nameGap, values } = chart.x;
  const kind = values.every(Number.isInteger)
    ? { ...axis(chart, name, formatWholeTick), minInterval: 1 }
    : axis(chart, name);
  return { ...kind, ...rangeOf(values), gridIndex, nameGap, splitLine: { show: false } };
}

function ordinate(chart: Chart, { yName, yRange, yTick }: ChartPanel, gridIndex: number): object {
  const common = { ...axis(chart, yName), gridIndex, nameGap: 52, scale: true };
  if (yRange === undefined) return common;
  const [lower, max] = yRange;
  const lowest = (least: number) => (yTick === undefined ? least : Math.floor(least / yTick) * yTick);
  return { ...common, min: ({ min }: { min: number }) => Math.min(lower, lowest(min)), max, interval: yTick };
}

function titles({ theme, title, panels, width }: Chart): object[] {
  const style = (fontSize: number) => ({ color: theme.ink, fontSize, fontWeight: 'bold' });
  const main = {
    text: fitText(title.text, width - 32, title.size),
    subtext: title.note,
    left: 16,
    top: 10,
    itemGap: 8,
    textStyle: style(title.size),
    subtextStyle: { color: theme.note, fontSize: 12 },
  };
  return [main, ...panels.flatMap(({ heading }) => (heading ? [{ ...heading, textStyle: style(14) }] : []))];
}

/** Font size of the names in a legend. */
export const LEGEND_SIZE = 12;
/** Width of the line beside a name. */
export const LEGEND_SYMBOL = 24;

const legend = ({ theme }: Chart, { names, ...place }: ChartLegend): object => ({
  ...place,
  itemWidth: LEGEND_SYMBOL,
  itemStyle: { opacity: 0 },
  textStyle: { color: theme.ink, fontSize: LEGEND_SIZE },
  data: [...names],
});

/** Draws a chart as an SVG document; equal charts give equal bytes. */
export function chartSvg(chart: Chart): string {
  const { width, height, theme, panels, series } = chart;
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: theme.paper,
    textStyle: { fontFamily: FONT_FAMILY },
    title: titles(chart),
    legend: panels.flatMap(({ legends }) => legends.map((one) => legend(chart, one))),
    grid: panels.map(({ grid }) => grid),
    xAxis: panels.map((_, i) => abscissa(chart, i)),
    yAxis: panels.map((panel, i) => ordinate(chart, panel, i)),
    series: [...series],
  };
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    drawing.setOption(option);
    return withoutRunningNumbers(drawing.renderToSVGString());
  } finally {
    drawing.dispose();
  }
}
