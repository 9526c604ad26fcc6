import type { LineChartOptions } from '@nem/report/charts';
import type { EpochRecord, UpdateLoss } from '../run/epoch-record.js';
import { fixed } from '../words.js';
import { statistics } from './statistics.js';

const lossText = (loss: number | undefined) => (loss === undefined ? '–' : fixed(loss, 1));

/** What a run left of its training. */
export interface TrainingLog {
  readonly epochs: readonly EpochRecord[];
  /** Training losses of single updates. */
  readonly losses: readonly UpdateLoss[];
}

type Point = LineChartOptions['series'][number]['points'][number];

/** Mean over the runs at each x that a run has, with their range where there are several. */
function pointsOf(runs: readonly ReadonlyMap<number, number>[]): Point[] {
  const places = [...new Set(runs.flatMap((run) => [...run.keys()]))].sort((a, b) => a - b);
  return places.map((x) => {
    const values = runs.flatMap((run) => run.get(x) ?? []);
    const spread = values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : {};
    return { x, y: statistics(values).mean, ...spread };
  });
}

/** A chart and its caption. */
interface LossCurves extends Omit<LineChartOptions, 'theme'> {
  readonly caption: string;
}

/**
 * Losses of trainings, a line each: of the validation inputs by epoch or, where no run has come to a second epoch, of the training
 * inputs by update if those make a line. Undefined where there is nothing to draw.
 */
export function lossCurves(
  title: string,
  trainings: readonly { readonly name: string; readonly runs: readonly TrainingLog[] }[],
): LossCurves | undefined {
  const all = trainings.flatMap(({ runs }) => runs);
  const byUpdate = all.every(({ epochs }) => epochs.length < 2) && all.some(({ losses }) => losses.length > 1);
  const series = trainings.map(({ name, runs }) => {
    const lines = runs.map(({ epochs, losses }) =>
      byUpdate
        ? new Map(losses.map(({ update, loss }) => [update, loss]))
        : new Map(epochs.map(({ validation }, i) => [i + 1, validation.loss])),
    );
    return { name, points: pointsOf(lines) };
  });
  if (series.every(({ points }) => points.length === 0)) return undefined;
  const [what, xName] = byUpdate ? ['training loss', 'update'] : ['validation loss', 'epoch'];
  const last = series.map(({ name, points }) => `${name}: ${lossText(points.at(-1)?.y)}`).join('; ');
  return {
    caption: `${what[0]?.toUpperCase()}${what.slice(1)} by ${xName}; at the last ${xName}, ${last}.`,
    title: `${title}: ${what}`,
    note: 'lines: mean over the runs; bands: from the lowest to the highest run',
    xName,
    yName: what,
    series,
  };
}
