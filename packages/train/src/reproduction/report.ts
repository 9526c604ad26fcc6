import { join } from 'node:path';
import type { DocumentBlock, DocumentChart, DocumentSection, DocumentTable, ReportDocument } from '@nem/report';
import { type ChartTheme, DARK, frameCurvesSvg, LIGHT, type LineChartOptions, lineChartSvg } from '@nem/report/charts';
import type { Precision } from '../engines/precision.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import type { Spread } from '../evaluation/spread.js';
import { findExperiment, isSequence } from '../experiments/index.js';
import { scoreOf, variantsOf } from '../scores/record.js';
import { PAPER_SCORE, SCORES, scoreDefinition } from '../scores/table.js';
import { decimalsOf } from '../scores/text.js';
import { readWhole } from '../system/files.js';
import { counted, fixed } from '../words.js';
import { lossCurves, type TrainingLog } from './loss-curves.js';
import type { Result, Score, Training } from './results.js';
import { formatStatistics, statistics } from './statistics.js';

/** A trained run and its evaluations. */
export interface ReproducedRun extends TrainingLog {
  readonly training: Training;
  readonly seed: number;
  /** The run folder. */
  readonly path: string;
  /** By the changes that were asked for, as JSON. */
  readonly evaluations: ReadonlyMap<string, EvaluationRecord>;
}

/** Everything that a report is made from. */
export interface Reproduction {
  readonly results: readonly Result[];
  readonly runs: readonly ReproducedRun[];
  readonly seeds: number;
  /** What products were computed in while runs were trained. Default: float32. */
  readonly precision?: Precision;
  /** By which every network was trained. Default: the paper's settings. */
  readonly recipe?: string;
  readonly maxMinutes?: number;
  readonly count?: number;
  readonly set: readonly string[];
}

const LARGEST_PICTURE = 2 ** 26;

const PAPER = 'Greff, van Steenkiste and Schmidhuber, Neural Expectation Maximization, NIPS 2017 (arXiv:1708.03498)';

const runsOf = (runs: readonly ReproducedRun[], { id }: Training) => runs.filter(({ training }) => training.id === id);

function records({ runs }: Reproduction, training: Training, changes: Score['changes']): EvaluationRecord[] {
  const key = JSON.stringify(changes);
  return runsOf(runs, training).flatMap(({ evaluations }) => evaluations.get(key) ?? []);
}

/** A score in each run, by default the one that is asked for. */
export function scoreValues(
  reproduction: Reproduction,
  { training, changes, quantity = PAPER_SCORE }: Score,
  key = quantity,
): number[] {
  return records(reproduction, training, changes).map((record) => scoreOf(record, key) ?? Number.NaN);
}

function scoreTable(reproduction: Reproduction, { title, scores, others = [] }: Result): DocumentTable {
  const quantity = scores[0]?.quantity ?? PAPER_SCORE;
  const { name } = SCORES[quantity];
  const hasPublished = scores.some(({ published }) => published) || others.length > 0;
  const variants = variantsOf(quantity);
  const rows = scores.map((score) => {
    const found = statistics(scoreValues(reproduction, score));
    const inputs = records(reproduction, score.training, score.changes)[0]?.inputs;
    return [
      score.training.title,
      score.evaluatedOn,
      formatStatistics(found, decimalsOf(quantity)),
      ...(hasPublished ? [score.published ? formatStatistics(score.published) : '–'] : []),
      ...variants.map((key) => formatStatistics(statistics(scoreValues(reproduction, score, key)))),
      String(found.runs),
      inputs === undefined ? '–' : String(inputs),
    ];
  });
  const published = others.map((other) => [
    ...[other.name, 'test set', 'not run', formatStatistics(other.published)],
    ...variants.map(() => '–'),
    ...['0', '–'],
  ]);
  const head = [
    'network',
    'evaluated on',
    `${name} here`,
    ...(hasPublished ? ['in the paper'] : []),
    ...variants.map((key) => scoreDefinition(key).note ?? SCORES[key].name),
    'runs',
    'inputs',
  ];
  return {
    type: 'table',
    caption: `${title}: ${name}, mean ± deviation over the runs`,
    head,
    rows: [...rows, ...published],
    numeric: head.map((_, i) => i).slice(2),
  };
}

function chart(file: string, caption: string, options: LineChartOptions): DocumentChart {
  const draw = (theme: ChartTheme) => lineChartSvg({ ...options, theme });
  return { type: 'chart', title: options.title, caption, file, light: draw(LIGHT), dark: draw(DARK) };
}

/** Loss curves of the runs of each training. */
function lossFigures({ runs }: Reproduction, { id, title }: Result, trainings: readonly Training[]): DocumentBlock[] {
  const curves = lossCurves(
    title,
    trainings.map((training) => ({ name: training.title, runs: runsOf(runs, training) })),
  );
  if (!curves) return [];
  const { caption, ...options } = curves;
  return [chart(`${id}-loss`, caption, options)];
}

/** AMI by frame of each line: means over the runs of the means and quartiles over the inputs. */
function frameFigures(reproduction: Reproduction, { id, frames, scores }: Result): DocumentBlock[] {
  return frames.flatMap(({ title, lines }, index) => {
    const drawn = lines.map(({ name, training, changes }) => {
      const found = records(reproduction, training, changes);
      const count = found.reduce((most, record) => Math.max(most, record.frames.length), 0);
      const over = (frame: number, part: keyof Spread) =>
        statistics(
          found.flatMap(({ frames: scored }) => {
            const spread = scored[frame] && scoreOf(scored[frame], PAPER_SCORE);
            return spread ? [spread[part]] : [];
          }),
        ).mean;
      return {
        name,
        frames: Array.from({ length: count }, (_, frame) => ({
          frame: frame + 1,
          mean: over(frame, 'mean'),
          lowerQuartile: over(frame, 'lowerQuartile'),
          upperQuartile: over(frame, 'upperQuartile'),
        })),
      };
    });
    const still = scores.some(({ training }) => !isSequence(findExperiment(training.experiment).dataset));
    const xName = still ? 'EM step' : 'frame';
    const { name: what, label: yName, range: yRange } = SCORES[PAPER_SCORE];
    const draw = (theme: ChartTheme) => frameCurvesSvg({ title, xName, yName, yRange, scores: drawn, theme });
    const ends = drawn.map(({ name, frames: all }) => {
      const [first, last] = [all[0], all.at(-1)].map((one) => (one ? fixed(one.mean, 3) : '–'));
      return `${name} from ${first} to ${last}`;
    });
    const caption = `${what} by ${xName}, from the first to the last: ${ends.join('; ')}.`;
    return [{ type: 'chart', title, caption, file: `${id}-frames-${index + 1}`, light: draw(LIGHT), dark: draw(DARK) }];
  });
}

function byObjects(reproduction: Reproduction, { id, byObjects: lines }: Result): DocumentBlock[] {
  if (!lines) return [];
  const series = lines.map(({ name, points }) => ({
    name,
    points: points.map(({ objects, training }) => {
      const score: Score = { training, evaluatedOn: '', changes: {}, quantity: 'predictionLoss' };
      const { mean, deviation } = statistics(scoreValues(reproduction, score));
      const spread = Number.isFinite(deviation) ? { low: mean - deviation, high: mean + deviation } : {};
      return { x: objects, y: mean, ...spread };
    }),
  }));
  const found = series
    .map(
      ({ name, points }) =>
        `${name}: ${points.map(({ x, y }) => `${fixed(y, 1)} with ${counted(x, 'object')}`).join(', ')}`,
    )
    .join('; ');
  return [
    chart(`${id}-by-objects`, `Next-step loss by number of objects. ${found}.`, {
      title: 'Next-step loss by the number of objects',
      note: 'bars: ± deviation over the runs',
      xName: 'objects',
      yName: 'next-step loss',
      spread: 'bars',
      series,
    }),
  ];
}

/** The overview picture of the first run of each training, in the first result that has that training. */
function overviews({ results, runs }: Reproduction, result: Result, trainings: readonly Training[]): DocumentBlock[] {
  const before = new Set(results.slice(0, results.indexOf(result)).flatMap(trainingIds));
  const shown = trainings.filter(({ id }) => !before.has(id));
  return shown.flatMap((training): DocumentBlock[] => {
    const run = runsOf(runs, training)[0];
    if (!run) return [];
    const caption = `${training.title}, seed ${run.seed}: noisy inputs, targets, true groups, γ and predictions of test inputs`;
    return [
      {
        type: 'picture',
        caption,
        alt: `${caption}, step by step.`,
        file: `${result.id}-${training.id}-overview`,
        png: readWhole(join(run.path, 'report/overview.png'), LARGEST_PICTURE, [{ type: 'evaluateAgain' }]),
      },
    ];
  });
}

const trainingIds = ({ scores }: Result) => scores.map(({ training }) => training.id);

function resultSection(reproduction: Reproduction, result: Result): DocumentSection {
  const trainings = [...new Map(result.scores.map(({ training }) => [training.id, training])).values()];
  return {
    id: result.id,
    title: result.title,
    blocks: [
      { type: 'paragraph', text: result.text },
      scoreTable(reproduction, result),
      ...byObjects(reproduction, result),
      ...frameFigures(reproduction, result),
      ...lossFigures(reproduction, result, trainings),
      ...overviews(reproduction, result, trainings),
    ],
  };
}

/** The runs that the report is made from. */
function runSection({ runs }: Reproduction): DocumentSection {
  const rows = runs.map(({ training, seed, path, epochs }) => {
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const updates = epochs.at(-1)?.update ?? 0;
    return [training.title, String(seed), String(epochs.length), String(updates), (seconds / 60).toFixed(1), path];
  });
  const head = ['network', 'seed', 'epochs', 'updates', 'minutes', 'folder'];
  return {
    id: 'runs',
    title: 'Runs',
    blocks: [{ type: 'table', caption: 'Every run of this report', head, rows, numeric: [1, 2, 3, 4] }],
  };
}

/** Why the numbers are no reproduction yet; undefined where nothing was cut short. */
function rehearsalNotice({ maxMinutes, count, set, seeds }: Reproduction): string | undefined {
  const cuts = [
    ...(maxMinutes === undefined ? [] : [`the training of each run was ended after ${maxMinutes} min`]),
    ...(count === undefined ? [] : [`each evaluation scored ${counted(count, 'input')} at most`]),
    ...(set.length === 0 ? [] : [`settings were changed (${set.join(', ')})`]),
  ];
  if (cuts.length === 0) return undefined;
  const runs = seeds === 1 ? 'one run' : `${seeds} runs`;
  return `A rehearsal, not a reproduction: ${cuts.join('; ')}. With ${runs} of each network, its numbers say nothing of the paper's.`;
}

/** What is to be known before the numbers are read; undefined where nothing is. */
function notice(reproduction: Reproduction): string | undefined {
  const { recipe } = reproduction;
  const trained =
    recipe === undefined
      ? undefined
      : `Trained by the recipe ${recipe}, which is not how the paper's networks were trained.`;
  const sentences = [rehearsalNotice(reproduction), trained].filter((sentence) => sentence !== undefined);
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** The report of a reproduction. */
export function reproductionReport(reproduction: Reproduction): ReportDocument {
  const { results, seeds, precision, recipe } = reproduction;
  const how = recipe === undefined ? '' : ` Every network was trained by the recipe ${recipe}.`;
  const products = precision === undefined ? '' : ` The products of trainings were computed in ${precision}.`;
  return {
    title: 'Neural Expectation Maximization: results beside the paper’s',
    notice: notice(reproduction),
    introduction: `The paper: ${PAPER}; its numbers are means ± deviations over five runs, ours over ${seeds} (one run has no deviation). AMI is adjusted mutual information divided by the larger of the two entropies, over the pixels of objects: of sequences the mean over the frames 1 … T, of still images after the last step. The column “arithmetic” is ours divided by the mean of the entropies, as scikit-learn does by default.${how}${products}`,
    sections: [...results.map((result) => resultSection(reproduction, result)), runSection(reproduction)],
  };
}
