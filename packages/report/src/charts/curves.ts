import type { LineSeriesOption } from 'echarts/charts';
import { ReportError } from '../report-error.js';
import { type Names, requireOptions } from '../require-options.js';
import { INK } from '../svg.js';
import { type ChartPanel, chartSvg, isFiniteNumber, LIGHT, linePoints } from './chart.js';

/** A quantity by epoch. A value that is no finite number leaves a gap. */
export interface Curve {
  readonly name: string;
  /** E.g. `#0072b2`. Default: ink. */
  readonly colour?: string;
  /** By epoch: a solid line. */
  readonly validation: readonly (number | undefined)[];
  /** By epoch: a dashed line, fainter. */
  readonly training: readonly (number | undefined)[];
}

export interface CurvesPanel {
  readonly heading: string;
  /** What its axis shows at least; it goes lower where values do. Default: what the values need. */
  readonly range?: readonly [number, number];
  readonly curves: readonly Curve[];
}

/** One epoch along the abscissa. */
export interface CurvesEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Updates of the weights since the start of training. */
  readonly update: number;
}

export interface CurvesOptions {
  /** Heading of the figure. Default: `Training`. */
  readonly title?: string;
  /** At least one, in order. */
  readonly epochs: readonly CurvesEpoch[];
  /** The left and the right panel. */
  readonly panels: readonly [CurvesPanel, CurvesPanel];
  /** The epoch of the lowest validation loss, which a vertical line marks. Default none. */
  readonly best?: CurvesEpoch;
  /**
   * Training losses of single updates, in order: given, the curves go by updates and these are a thin line in the left panel.
   * Default none: the curves go by epochs.
   */
  readonly losses?: readonly { readonly update: number; readonly loss: number }[];
}

const NAMES: Names<CurvesOptions> = { title: true, epochs: true, panels: true, best: true, losses: true };

/** Lengths of the layout in pixels. */
const WIDTH = 1040;
const HEIGHT = 440;
const PLOT = { top: 124, bottom: 56, width: 410 } as const;
const LEFTS = [84, 594] as const;

/** Up to this many epochs every value has a dot; beyond, the line alone shows it. */
const DOTTED_EPOCHS = 40;

/** Parts that the ticks divide an axis's range into. */
const RANGE_PARTS = 5;

const AXIS_LINE = '#8c959f';

/** Validation is a solid line with filled dots; training is dashed with hollow ones, fainter and beneath. */
function curveLines({ name, colour = INK, validation, training }: Curve, panel: number, x: readonly number[]) {
  const line = (values: Curve['training'], style: LineSeriesOption): LineSeriesOption[] =>
    values.some(isFiniteNumber)
      ? [
          {
            type: 'line',
            name,
            xAxisIndex: panel,
            yAxisIndex: panel,
            data: linePoints(
              x.map((at, i) => ({ x: at, y: values[i] })),
              x.length <= DOTTED_EPOCHS,
            ),
            ...style,
          },
        ]
      : [];
  const border = { borderColor: colour, borderWidth: 1 };
  return [
    ...line(validation, {
      z: 3,
      symbolSize: 5,
      lineStyle: { color: colour, width: 1.8 },
      itemStyle: { color: colour, ...border },
    }),
    ...line(training, {
      z: 2,
      symbolSize: 6,
      lineStyle: { color: colour, width: 1.5, type: [5, 3], opacity: 0.6 },
      itemStyle: { color: LIGHT.paper, ...border },
    }),
  ];
}

/** The losses of updates: thin, beneath everything. */
const updateLine = (losses: NonNullable<CurvesOptions['losses']>): LineSeriesOption => ({
  type: 'line',
  xAxisIndex: 0,
  yAxisIndex: 0,
  z: 1,
  data: losses.map(({ update, loss }) => [update, isFiniteNumber(loss) ? loss : '-']),
  symbol: 'none',
  sampling: 'average',
  lineStyle: { color: AXIS_LINE, width: 1 },
});

/** A dotted vertical line in each panel at one place. */
const bestLines = (x: number): LineSeriesOption[] =>
  LEFTS.map((_, panel) => ({
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

function chartPanel({ heading, range, curves }: CurvesPanel, left: number): ChartPanel {
  const drawn = curves.filter(({ validation, training }) => [...validation, ...training].some(isFiniteNumber));
  const text = drawn.length > 0 ? heading : `${heading}: no finite value`;
  return {
    grid: { left, ...PLOT },
    heading: { text, left: left - 5, top: 66 },
    legends: [{ left: left - 5, top: 92, orient: 'horizontal', itemGap: 26, names: drawn.map(({ name }) => name) }],
    ...(range ? { yRange: range, yTick: (range[1] - range[0]) / RANGE_PARTS } : {}),
  };
}

/** What the lines mean. */
function notes(best: CurvesEpoch | undefined, hasLosses: boolean): string {
  const all = ['solid lines, filled dots: validation', 'dashed lines, hollow dots: training'];
  if (hasLosses) all.push('thin line: training, single updates');
  if (best) all.push(`dotted vertical line: epoch ${best.epoch}, the lowest validation loss`);
  return all.join('; ');
}

/**
 * Loss and score curves of a run, training and validation, with a mark at the epoch of the lowest validation loss.
 *
 * @returns an SVG document on white
 * @throws ReportError for an unknown option and for no epochs
 */
export function curvesSvg(options: CurvesOptions): string {
  requireOptions(options, 'curvesSvg', NAMES);
  const { title = 'Training', epochs, panels, best, losses = [] } = options;
  if (epochs.length === 0) throw new ReportError('There are 0 epochs to draw: train at least one.');
  const byUpdate = losses.length > 0;
  const place = ({ epoch, update }: CurvesEpoch) => (byUpdate ? update : epoch);
  const x = epochs.map(place);
  return chartSvg({
    width: WIDTH,
    height: HEIGHT,
    theme: LIGHT,
    axisColour: AXIS_LINE,
    title: { text: title, size: 17, note: notes(best, byUpdate) },
    panels: panels.map((panel, i) => chartPanel(panel, LEFTS[i]!)),
    x: { name: byUpdate ? 'updates' : 'epoch', nameGap: 30, values: [...losses.map(({ update }) => update), ...x] },
    series: [
      ...(byUpdate ? [updateLine(losses)] : []),
      ...panels.flatMap(({ curves }, panel) => curves.flatMap((curve) => curveLines(curve, panel, x))),
      ...(best ? bestLines(place(best)) : []),
    ],
  });
}
