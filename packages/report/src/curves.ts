import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { chartSvg, formatTick, formatWholeTick, wholeRange } from './chart-svg.js';
import { bestEpoch, type EpochRecord, type EpochScores, type UpdateLoss } from './epoch-record.js';
import { componentColour, toHex } from './palette.js';
import { ReportError } from './report-error.js';
import { FONT_FAMILY, fitText, INK } from './svg.js';

use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

export interface CurvesOptions {
  /** Heading of the figure. Default: `Training`. */
  readonly title?: string;
  /** Losses of single updates, in order: given, the curves go by updates and these are a thin line. Default none: by epochs. */
  readonly losses?: readonly UpdateLoss[];
}

/** What goes to the right. */
interface Abscissa {
  readonly name: string;
  readonly of: (record: EpochRecord) => number;
}

const BY_EPOCH: Abscissa = { name: 'epoch', of: ({ epoch }) => epoch };
const BY_UPDATE: Abscissa = { name: 'updates', of: ({ update }) => update };

/** Lengths of the layout in pixels. */
const WIDTH = 1040;
const HEIGHT = 440;
const PLOT = { top: 124, bottom: 56, width: 410 } as const;
const PANELS = [
  { left: 84, heading: 'Loss' },
  { left: 594, heading: 'Scores over the pixels of objects' },
] as const;

/** Up to this many epochs every value has a dot; beyond, the line alone shows it. */
const DOTTED_EPOCHS = 40;

const PAPER = '#ffffff';
const NOTE = '#57606a';
const GRID_LINE = '#e4e7eb';
const AXIS_LINE = '#8c959f';

/** A curve: which number of an epoch it shows, in which panel. */
interface Curve {
  readonly name: string;
  readonly panel: number;
  readonly colour: string;
  readonly training: boolean;
  readonly read: (record: EpochRecord) => number | undefined;
}

const QUANTITIES = [
  { field: 'loss', name: 'loss', panel: 0, colour: INK },
  { field: 'adjustedMutualInfo', name: 'AMI (max)', panel: 1, colour: toHex(componentColour(0)) },
  { field: 'adjustedRand', name: 'ARI', panel: 1, colour: toHex(componentColour(5)) },
  { field: 'confidence', name: 'confidence', panel: 1, colour: toHex(componentColour(2)) },
] as const satisfies readonly { field: keyof EpochScores; name: string; panel: number; colour: string }[];

const isFiniteNumber = (value: number | undefined): value is number => Number.isFinite(value);

/** Training and validation of each quantity, without the curves that have no finite value. */
function curvesOf(epochs: readonly EpochRecord[]): Curve[] {
  const curves = QUANTITIES.flatMap(({ field, ...style }): Curve[] => [
    { ...style, training: false, read: ({ validation }) => validation[field] },
    { ...style, training: true, read: ({ training }) => training[field] },
  ]);
  return curves.filter(({ read }) => epochs.some((record) => isFiniteNumber(read(record))));
}

/** The points of a curve. A missing value breaks the line; a value that stands alone gets a dot, or it would not show. */
function points(epochs: readonly EpochRecord[], read: Curve['read'], x: Abscissa): LineSeriesOption['data'] {
  const values = epochs.map(read);
  const dotted = epochs.length <= DOTTED_EPOCHS;
  return values.map((value, i) => {
    const alone = !isFiniteNumber(values[i - 1]) && !isFiniteNumber(values[i + 1]);
    return {
      value: [x.of(epochs[i]!), isFiniteNumber(value) ? value : '-'],
      symbol: dotted || alone ? 'circle' : 'none',
    };
  });
}

/** Validation is a whole line with full dots; training is dashed with hollow ones, fainter and beneath. */
function lineSeries(epochs: readonly EpochRecord[], curve: Curve, x: Abscissa): LineSeriesOption {
  const { name, panel, colour, training, read } = curve;
  return {
    type: 'line',
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    z: training ? 2 : 3,
    data: points(epochs, read, x),
    symbolSize: training ? 6 : 5,
    lineStyle: training ? { color: colour, width: 1.5, type: [5, 3], opacity: 0.6 } : { color: colour, width: 1.8 },
    itemStyle: { color: training ? PAPER : colour, borderColor: colour, borderWidth: 1 },
  };
}

/** The losses of updates: thin, beneath everything. */
function updateLine(losses: readonly UpdateLoss[]): LineSeriesOption {
  return {
    type: 'line',
    xAxisIndex: 0,
    yAxisIndex: 0,
    z: 1,
    data: losses.map(({ update, loss }) => [update, isFiniteNumber(loss) ? loss : '-']),
    symbol: 'none',
    sampling: 'average',
    lineStyle: { color: AXIS_LINE, width: 1 },
  };
}

/** A dotted upright in each panel at one place. */
function uprights(x: number): LineSeriesOption[] {
  return PANELS.map((_, panel) => ({
    type: 'line',
    xAxisIndex: panel,
    yAxisIndex: panel,
    data: [],
    markLine: {
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: AXIS_LINE, type: [2, 3], width: 1 },
      data: [{ xAxis: x }],
    },
  }));
}

/** Ticks of the scores. Both indices can be below 0. */
const SCORE_TICK = 0.2;
const lowestScore = ({ min }: { min: number }) => Math.min(0, Math.floor(min / SCORE_TICK) * SCORE_TICK);

function axes(values: readonly number[], { name }: Abscissa): EChartsCoreOption {
  const common = {
    type: 'value',
    nameTextStyle: { color: INK, fontSize: 13 },
    axisLabel: { color: INK, fontSize: 12, formatter: formatTick, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: AXIS_LINE }, onZero: false },
    axisTick: { show: true, lineStyle: { color: AXIS_LINE } },
    splitLine: { lineStyle: { color: GRID_LINE } },
  };
  const x = {
    ...common,
    ...wholeRange(values),
    ...{ name, nameLocation: 'middle', nameGap: 30, minInterval: 1, splitLine: { show: false } },
    axisLabel: { ...common.axisLabel, formatter: formatWholeTick },
  };
  return {
    xAxis: PANELS.map((_, gridIndex) => ({ ...x, gridIndex })),
    yAxis: [
      { ...common, gridIndex: 0, scale: true },
      { ...common, gridIndex: 1, min: lowestScore, max: 1, interval: SCORE_TICK },
    ],
  };
}

function titles(title: string, curves: readonly Curve[], best: EpochRecord | undefined, hasLosses: boolean): object[] {
  const heading = { color: INK, fontSize: 14, fontWeight: 'bold' };
  const notes = ['whole lines, full dots: validation', 'dashed lines, hollow dots: training'];
  if (hasLosses) notes.push('thin line: training, single updates');
  if (best) notes.push(`dotted upright: epoch ${best.epoch}, the lowest validation loss`);
  const main = {
    text: fitText(title, WIDTH - 32, 17),
    subtext: notes.join('; '),
    left: 16,
    top: 10,
    itemGap: 8,
    textStyle: { ...heading, fontSize: 17 },
    subtextStyle: { color: NOTE, fontSize: 12 },
  };
  const panelTitles = PANELS.map((panel, index) => ({
    text: curves.some((curve) => curve.panel === index) ? panel.heading : `${panel.heading}: no finite value`,
    left: panel.left - 5,
    top: 66,
    textStyle: heading,
  }));
  return [main, ...panelTitles];
}

function chartOption(epochs: readonly EpochRecord[], title: string, losses: readonly UpdateLoss[]): EChartsCoreOption {
  const x = losses.length > 0 ? BY_UPDATE : BY_EPOCH;
  const curves = curvesOf(epochs);
  const best = bestEpoch(epochs);
  return {
    animation: false,
    backgroundColor: PAPER,
    textStyle: { fontFamily: FONT_FAMILY },
    title: titles(title, curves, best, losses.length > 0),
    legend: PANELS.map((panel, index) => ({
      left: panel.left - 5,
      top: 92,
      itemWidth: 24,
      itemGap: 26,
      itemStyle: { opacity: 0 },
      textStyle: { color: INK, fontSize: 12 },
      data: [...new Set(curves.filter((curve) => curve.panel === index).map(({ name }) => name))],
    })),
    grid: PANELS.map(({ left }) => ({ left, ...PLOT })),
    ...axes([...losses.map(({ update }) => update), ...epochs.map(x.of)], x),
    series: [
      ...(losses.length > 0 ? [updateLine(losses)] : []),
      ...curves.map((curve) => lineSeries(epochs, curve, x)),
      ...(best ? uprights(x.of(best)) : []),
    ],
  };
}

/**
 * Loss and score curves of a run, training and validation, with a mark at the epoch of the lowest validation loss.
 * Values that are no finite number leave a gap.
 *
 * @param epochs at least one, in order
 * @returns an SVG document on white
 * @throws ReportError for no epochs
 */
export function curvesSvg(
  epochs: readonly EpochRecord[],
  { title = 'Training', losses = [] }: CurvesOptions = {},
): string {
  if (epochs.length === 0) throw new ReportError('There are 0 epochs to draw: train at least one.');
  return chartSvg(chartOption(epochs, title, losses), WIDTH, HEIGHT);
}
