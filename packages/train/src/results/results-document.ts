import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentBlock,
  type DocumentCell,
  type DocumentSection,
  formatDuration,
  type ReportDocument,
} from '@nem/report';
import { DARK, LIGHT, type LineChartOptions, lineChartSvg } from '@nem/report/charts';
import { planEvaluation } from '../evaluation/plan.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { lossCurves } from '../reproduction/loss-curves.js';
import { RESULTS, type Result, type Score, type Training } from '../reproduction/results.js';
import { formatStatistics, statistics } from '../reproduction/statistics.js';
import { bestEpoch } from '../run/epoch-record.js';
import { chainOf } from '../run/origin.js';
import { runOf } from '../run/without-folders.js';
import { scoreOf, variantsOf } from '../scores/record.js';
import { PAPER_SCORE, SCORES, type ScoreKey, scoreDefinition } from '../scores/table.js';
import { decimalsOf } from '../scores/text.js';
import { validationCurve } from '../scores/validation-curve.js';
import { readWhole } from '../system/files.js';
import { counted, fixed } from '../words.js';
import { numberLongSettings } from './long-settings.js';
import { RECORDS } from './record-run.js';
import type { RecordedRun } from './recorded-runs.js';
import { trainCommand } from './train-command.js';

/** Runs that were trained alike and have come as far. */
interface Group {
  readonly settings: string;
  readonly reached: string;
  readonly runs: readonly RecordedRun[];
}

const isFinished = ({ reached }: RecordedRun) => reached !== 'not finished';

/** The runs of a training, by their settings and whether they are finished. */
function groupsOf(runs: readonly RecordedRun[], { id }: Training): Group[] {
  const groups = new Map<string, RecordedRun[]>();
  for (const run of runs.filter(({ training }) => training?.id === id)) {
    const key = JSON.stringify([run.settings, isFinished(run) ? 'finished' : 'so far']);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, found]) => {
    const [settings, reached] = JSON.parse(key) as [string, string];
    return { settings, reached, runs: found };
  });
}

/** The evaluation of a run that a score is of. */
function evaluationOf({ config, evaluations }: RecordedRun, { changes }: Score): EvaluationRecord | undefined {
  const { slug } = planEvaluation(config.experiment, config.seed, changes);
  return evaluations.find((one) => one.slug === slug);
}

function scoreRows(runs: readonly RecordedRun[], score: Score, variants: readonly ScoreKey[]): string[][] {
  const { training, evaluatedOn, published, quantity = PAPER_SCORE } = score;
  const paper = published ? formatStatistics(published) : '–';
  const groups = groupsOf(runs, training);
  if (groups.length === 0) {
    return [[training.title, evaluatedOn, 'not run', '–', '–', paper, ...variants.map(() => '–'), '0', '–']];
  }
  return groups.map((group) => {
    const found = group.runs.flatMap((run) => evaluationOf(run, score) ?? []);
    const of = (key: ScoreKey) => statistics(found.map((record) => scoreOf(record, key) ?? Number.NaN));
    const inputs = [...new Set(found.map((record) => record.inputs))].join(', ');
    const here = formatStatistics(of(quantity), decimalsOf(quantity));
    const others = variants.map((key) => formatStatistics(of(key)));
    const { settings, reached } = group;
    return [
      training.title,
      evaluatedOn,
      settings,
      reached,
      here,
      paper,
      ...others,
      String(found.length),
      inputs || '–',
    ];
  });
}

function scoreTable(runs: readonly RecordedRun[], { title, scores }: Result): DocumentBlock {
  const quantity = scores[0]?.quantity ?? PAPER_SCORE;
  const variants = variantsOf(quantity);
  const { name } = SCORES[quantity];
  const notes = variants.map((key) => scoreDefinition(key).note ?? SCORES[key].name);
  return {
    type: 'table',
    caption: `${title}: ${name}, mean ± deviation over the runs`,
    head: [
      'network',
      'evaluated on',
      'settings',
      'trained',
      `${name} here`,
      'in the paper',
      ...notes,
      'runs',
      'inputs',
    ],
    rows: scores.flatMap((score) => scoreRows(runs, score, variants)),
    numeric: Array.from({ length: 4 + variants.length }, (_, i) => 4 + i),
  };
}

function chart(file: string, caption: string, options: LineChartOptions): DocumentBlock {
  const [light, dark] = [LIGHT, DARK].map((theme) => lineChartSvg({ ...options, theme })) as [string, string];
  return { type: 'chart', title: options.title, caption, file: `figures/${file}`, light, dark };
}

/** The runs of a result, with a name for each in a figure. */
function namedRuns(runs: readonly RecordedRun[], { scores }: Result) {
  const ids = new Set(scores.map(({ training }) => training.id));
  return runs.filter(({ training }) => training && ids.has(training.id));
}

/** The validation score of each run by update: where it falls while the loss does, one sees it here. */
function scoreFigure(runs: readonly RecordedRun[], result: Result): DocumentBlock[] {
  const { name, label, range } = SCORES[PAPER_SCORE];
  const curves = namedRuns(runs, result).map((run) => ({
    name: run.name,
    points: validationCurve(run.config.experiment, run.epochs, PAPER_SCORE).flatMap((y, i) =>
      y === undefined || !Number.isFinite(y) ? [] : [{ x: run.epochs[i]?.update ?? 0, y }],
    ),
  }));
  const series = curves.filter(({ points }) => points.length > 0);
  if (!series.some(({ points }) => points.length > 1)) return [];
  const last = series.map(({ name: run, points }) => `${run}: ${fixed(points.at(-1)?.y ?? Number.NaN, 3)}`).join('; ');
  const title = `${result.title}: ${name} of the validation inputs`;
  return [
    chart(`${result.id}-score`, `${name} of the validation inputs by update; at the last epoch, ${last}.`, {
      ...{ title, xName: 'update', yName: label, yRange: range, series },
    }),
  ];
}

function lossFigure(runs: readonly RecordedRun[], result: Result): DocumentBlock[] {
  const curves = lossCurves(
    result.title,
    namedRuns(runs, result).map((run) => ({ name: run.name, runs: [run] })),
  );
  if (!curves) return [];
  const { caption, ...options } = curves;
  return [chart(`${result.id}-loss`, caption, options)];
}

const LARGEST_PICTURE = 2 ** 26;
const REREAD = 'make it readable, or record the run again';

/** The overview picture of each run of a result that has one. */
function overviews(runs: readonly RecordedRun[], result: Result): DocumentBlock[] {
  return namedRuns(runs, result).flatMap(({ name, path }): DocumentBlock[] => {
    const picture = join(path, 'report/overview.png');
    if (!existsSync(picture)) return [];
    const caption = `${name}: noisy inputs, targets, true groups, γ and predictions of test inputs`;
    const file = `${RECORDS}/${name}/report/overview`;
    return [
      {
        type: 'picture',
        caption,
        alt: `${caption}, step by step.`,
        file,
        png: readWhole(picture, LARGEST_PICTURE, REREAD),
      },
    ];
  });
}

/** How the weights are made that runs have started from, where it is known: each training once, before those that start from it. */
function firstCommands(runs: readonly RecordedRun[]): DocumentCell[][] {
  const made = new Map<string, { readonly code: string; readonly what: string; readonly runs: string[] }>();
  for (const { name, config } of runs) {
    for (const { source, training } of chainOf(config.from)) {
      const code = trainCommand(training, runOf(source));
      const what = `${source}, whose weights after ${counted(training.updates, 'update')} lead to`;
      const known = made.get(code + what);
      if (known) known.runs.push(name);
      else made.set(code + what, { code, what, runs: [name] });
    }
  }
  return [...made.values()].map(({ code, what, runs: names }) => [{ code }, `${what} ${names.join(', ')}`]);
}

/** How everything of a result is made. */
function commands(runs: readonly RecordedRun[], result: Result): DocumentBlock {
  const named = namedRuns(runs, result);
  const rows = [...firstCommands(named), ...named.map(({ name, config }) => [{ code: trainCommand(config) }, name])];
  return {
    type: 'table',
    caption: 'The commands that make this',
    head: ['command', 'makes'],
    rows: [
      [
        { code: `nem reproduce ${result.id}` },
        'the whole table, by the paper’s settings: every training and evaluation',
      ],
      ...rows,
      [{ code: 'nem results --add runs/…' }, 'this page, its tables and figures, from the runs’ folders'],
    ],
    numeric: [],
  };
}

function resultSection(runs: readonly RecordedRun[], result: Result): DocumentSection {
  const { id, title, text } = result;
  const figures = [scoreFigure, lossFigure, overviews].flatMap((draw) => draw(runs, result));
  const tables = [scoreTable(runs, result), commands(runs, result)];
  return { id, title, blocks: [{ type: 'paragraph', text }, ...tables, ...figures] };
}

const joined = (values: readonly string[]) => [...new Set(values)].join(', then ') || 'not recorded';

/** Every run, with what it took and what it has reached. */
function runSection(runs: readonly RecordedRun[]): DocumentSection {
  const rows = runs.map(({ name, config, settings, reached, epochs, machines, evaluations }) => {
    const best = bestEpoch(epochs);
    const validation = best && validationCurve(config.experiment, [best], PAPER_SCORE)[0];
    const test = evaluations.find(({ slug }) => slug === 'test');
    const score = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '–' : fixed(value, 3));
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    return [
      ...[name, String(config.seed), settings, reached, String(epochs.length), String(best?.epoch ?? '–')],
      ...[String(epochs.at(-1)?.update ?? 0), formatDuration(seconds)],
      score(validation),
      score(test && scoreOf(test, PAPER_SCORE)),
      score(test && scoreOf(test, 'adjustedRand')),
      joined(machines.map(({ engine }) => engine)),
      joined(machines.map(({ machine }) => machine)),
    ];
  });
  const head = ['run', 'seed', 'settings', 'ended by', 'epochs', 'best epoch', 'updates', 'time'];
  const scores = ['validation AMI (max)', 'test AMI (max)', 'test ARI', 'engine', 'machine'];
  const caption = 'Every run: how far it has come, and the scores of its best epoch';
  const table: DocumentBlock = {
    type: 'table',
    caption,
    head: [...head, ...scores],
    rows,
    numeric: [1, 4, 5, 6, 7, 8, 9, 10],
  };
  return { id: 'runs', title: 'Runs', blocks: [table] };
}

const INTRODUCTION =
  'Scores of runs of this repository beside those of the paper (Greff, van Steenkiste and Schmidhuber, Neural Expectation Maximization, NIPS 2017, arXiv:1708.03498), which are means ± deviations over five runs. AMI is adjusted mutual information divided by the larger of the two entropies, over the pixels of objects: of sequences the mean over the frames 1 … T, of still images after the last step; “arithmetic” is the same divided by the mean of the entropies. Runs that were trained by other settings, or are not finished, have rows of their own. What falls short of the paper, and why, is said in docs/recipes.md of the repository. This page is made from the records beside it by nem results; nothing in it is written by hand.';

/** What the records of runs say, beside the paper. */
export function resultsDocument(recorded: readonly RecordedRun[]): ReportDocument {
  const { runs, section: settings } = numberLongSettings(recorded);
  const shown = RESULTS.filter((result) => namedRuns(runs, result).length > 0);
  const missing = RESULTS.filter((result) => !shown.includes(result)).map(({ title }) => title);
  const notice =
    runs.length === 0 ? 'No run has been recorded yet: there is no result to compare with the paper’s.' : undefined;
  const without: DocumentSection[] =
    runs.length === 0 || missing.length === 0
      ? []
      : [{ id: 'missing', title: 'Not run yet', blocks: [{ type: 'paragraph', text: `${missing.join(', ')}.` }] }];
  const finished = runs.filter(isFinished).length;
  const count = runs.length === 0 ? '' : ` ${counted(runs.length, 'run')}, of which ${finished} finished.`;
  return {
    title: 'Results beside the paper’s',
    notice,
    introduction: `${INTRODUCTION}${count}`,
    sections: [
      ...shown.map((result) => resultSection(runs, result)),
      ...(runs.length === 0 ? [] : [runSection(runs)]),
      ...(settings ? [settings] : []),
      ...without,
    ],
  };
}
