import { type DocumentBlock, type DocumentTable, formatDuration, type ReportDocument } from '@nem/report';
import { DARK, LIGHT, lineChartSvg } from '@nem/report/charts';
import { epochScoreOf, scoreOf } from '../scores/record.js';
import { PAPER_SCORE, SCORES, type ScoreKey, scoreDefinition, VIEWS } from '../scores/table.js';
import { exactScoreText } from '../scores/text.js';
import { validationCurve } from '../scores/validation-curve.js';
import { counted } from '../words.js';
import { type ComparedRun, differences } from './compared-run.js';

/** What is drawn by epoch. */
const CURVES: readonly ScoreKey[] = ['loss', PAPER_SCORE];

const NONE = '–';

/** The rows of the table; a column that no run has a value for is left out. */
interface ComparisonTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What was trained, and what came of it: of the epoch of the lowest validation loss, and on the test inputs. */
export function comparisonTable(runs: readonly ComparedRun[]): ComparisonTable {
  const column = (head: string, cell: (run: ComparedRun) => string | undefined) => ({ head, cells: runs.map(cell) });
  const seconds = ({ epochs }: ComparedRun) => epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const columns = [
    column('run', ({ path }) => path),
    column('experiment', ({ config }) => config.experiment.name),
    column('epochs', ({ epochs }) => String(epochs.length)),
    column('best', ({ best }) => best && String(best.epoch)),
    column('time', (run) => formatDuration(seconds(run), { fixed: true })),
    ...VIEWS.epochTable.map((key) =>
      column(
        `validation ${SCORES[key].label}`,
        ({ best }) => best && exactScoreText(key, epochScoreOf(best.validation, key)),
      ),
    ),
    ...VIEWS.test.map((key) =>
      column(`test ${SCORES[key].label}`, ({ test }) => test && exactScoreText(key, scoreOf<number>(test, key))),
    ),
    column('test inputs', ({ test }) => test && String(test.inputs)),
  ].filter(({ cells }) => cells.some((cell) => cell !== undefined));
  return {
    head: columns.map(({ head }) => head),
    rows: runs.map((_, i) => columns.map(({ cells }) => cells[i] ?? NONE)),
  };
}

/** A score of the validation inputs by epoch, a line a run; nothing where no run has an epoch. */
function curves(runs: readonly ComparedRun[], key: ScoreKey): DocumentBlock[] {
  const trained = runs.filter(({ epochs }) => epochs.length > 0);
  if (trained.length === 0) return [];
  const { label, range } = scoreDefinition(key);
  const series = trained.map(({ path, config, epochs }) => ({
    name: path,
    points: validationCurve(config.experiment, epochs, key).map((y, i) => ({ x: i + 1, y: y ?? Number.NaN })),
  }));
  const title = `Validation ${label} by epoch`;
  const draw = (theme: typeof LIGHT) =>
    lineChartSvg({ title, xName: 'epoch', yName: label, yRange: range, series, theme });
  const caption = `${label} of the validation inputs after each epoch, ${counted(trained.length, 'run')}.`;
  return [{ type: 'chart', title, caption, file: key.replace('.', '-'), light: draw(LIGHT), dark: draw(DARK) }];
}

/** A table that is set right from column `text` on. */
const table = ({ head, rows }: ComparisonTable, text: number): DocumentTable => ({
  type: 'table',
  head,
  rows,
  numeric: head.map((_, i) => i).slice(text),
});

/** Runs beside each other: what came of them, how they differ, and their curves. */
export function comparisonDocument(runs: readonly ComparedRun[]): ReportDocument {
  const differing = differences(runs);
  const settings: DocumentBlock = {
    type: 'table',
    head: ['setting', ...runs.map(({ path }) => path)],
    rows: differing.map(([name, values]) => [{ code: name }, ...values]),
    numeric: [],
  };
  const same: DocumentBlock = { type: 'paragraph', text: 'All settings are the same.' };
  return {
    title: `${counted(runs.length, 'run')} compared`,
    sections: [
      { id: 'scores', title: 'Scores', blocks: [table(comparisonTable(runs), 2)] },
      { id: 'settings', title: 'Settings that differ', blocks: [differing.length > 0 ? settings : same] },
      { id: 'curves', title: 'Curves', blocks: CURVES.flatMap((key) => curves(runs, key)) },
    ],
  };
}
