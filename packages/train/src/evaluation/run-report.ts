import {
  type DocumentCell,
  type DocumentSection,
  type DocumentTable,
  documentMarkdown,
  formatDuration,
  type ReportDocument,
} from '@nem/report';
import { bestEpoch, type EpochRecord } from '../run/epoch-record.js';
import { epochScoreOf, scoreOf, type TestScores } from '../scores/record.js';
import { SCORES, VIEWS } from '../scores/table.js';
import { exactScoreText } from '../scores/text.js';
import { leaves } from '../system/json.js';
import { counted } from '../words.js';

/** A picture of the report. Paths are relative to the report's file. */
export interface ReportPicture {
  readonly title: string;
  /** Shown in the report. */
  readonly png: string;
  /** Linked below it, for print. */
  readonly svg: string;
}

/** What is known of a finished run. */
export interface RunSummary {
  readonly name: string;
  /** A paragraph below the heading. Default none. */
  readonly description?: string;
  /** Everything needed to run it again; nested objects are listed by dotted names. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** In order; may be empty. */
  readonly epochs: readonly EpochRecord[];
  /** May be empty. */
  readonly tests: readonly TestScores[];
  /** May be empty. */
  readonly pictures: readonly ReportPicture[];
}

/** A table whose columns are set right from the second on. */
const numbers = (head: readonly string[], rows: readonly (readonly string[])[]): DocumentTable => ({
  type: 'table',
  head,
  rows,
  numeric: head.map((_, i) => i).slice(1),
});

const paragraph = (text: string) => ({ type: 'paragraph', text }) as const;

function configurationSection(configuration: RunSummary['configuration']): DocumentSection {
  const rows = leaves(configuration)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): DocumentCell[] => [
      { code: name },
      { code: typeof value === 'object' ? JSON.stringify(value) : String(value) },
    ]);
  const table: DocumentTable = { type: 'table', head: ['setting', 'value'], rows, numeric: [] };
  const blocks = rows.length === 0 ? [paragraph('Every setting has its default.')] : [table];
  return { id: 'configuration', title: 'Configuration', blocks };
}

/** Columns of the table of epochs: of training the loss alone. */
const EPOCH_COLUMNS = VIEWS.epochTable.flatMap((key) => {
  const { label, unit } = SCORES[key];
  const validation = ({ validation: scores }: EpochRecord) => exactScoreText(key, epochScoreOf(scores, key));
  if (unit !== 'nats') return [{ head: label, cell: validation }];
  const training = ({ training: scores }: EpochRecord) => exactScoreText(key, epochScoreOf(scores, key));
  return [
    { head: `training ${label}`, cell: training },
    { head: `validation ${label}`, cell: validation },
  ];
});

function trainingSection(epochs: readonly EpochRecord[]): DocumentSection {
  const section = { id: 'training', title: 'Training' };
  const last = epochs.at(-1);
  if (!last) return { ...section, blocks: [paragraph('No epoch was finished.')] };
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const best = bestEpoch(epochs);
  const chosen: [string, EpochRecord][] = best && best !== last ? [['best', best]] : [];
  const rows = [...chosen, [best === last ? 'last, best' : 'last', last] as const].map(([name, record]) => [
    `${record.epoch} (${name})`,
    String(record.update),
    ...EPOCH_COLUMNS.map(({ cell }) => cell(record)),
  ]);
  const taken = `${counted(epochs.length, 'epoch')} in ${formatDuration(seconds)}.`;
  const ofStage = last.stage ? ' of the last stage' : '';
  const text = `${taken} The best epoch has the lowest validation loss${ofStage}; scores are of the validation inputs.`;
  return {
    ...section,
    blocks: [paragraph(text), numbers(['epoch', 'updates', ...EPOCH_COLUMNS.map(({ head }) => head)], rows)],
  };
}

/** A column of the test table: left out where no test has a value for it. */
interface Column {
  readonly head: string;
  readonly cell: (test: TestScores) => string | undefined;
}

const TEST_COLUMNS: readonly Column[] = [
  { head: 'test', cell: ({ name }) => name },
  { head: 'inputs', cell: ({ inputs }) => String(inputs) },
  ...VIEWS.test.map((key): Column => {
    const cell = (test: TestScores) => {
      const value = scoreOf<number>(test, key);
      return value === undefined ? undefined : exactScoreText(key, value);
    };
    return { head: SCORES[key].label, cell };
  }),
  { head: 'published', cell: ({ published }) => published },
];

function testSection(tests: readonly TestScores[]): DocumentSection {
  const section = { id: 'test-scores', title: 'Test scores' };
  if (tests.length === 0) return { ...section, blocks: [paragraph('The run was not tested.')] };
  const columns = TEST_COLUMNS.filter(({ cell }) => tests.some((test) => cell(test) !== undefined));
  const rows = tests.map((test) => columns.map(({ cell }) => cell(test) ?? '–'));
  const heads = columns.map(({ head }) => head);
  const text =
    'AMI is adjusted mutual information: "max" divides by the larger of the two entropies, as the paper does, "arithmetic" by their mean, as scikit-learn does by default. ARI is the adjusted Rand index. Both compare the true groups with the component of the largest γ over the pixels of objects; confidence is the mean of that γ.';
  return { ...section, blocks: [numbers(heads, rows), paragraph(text)] };
}

const FLAT_GAMMA =
  "γ is drawn as the components' colours mixed by γ. So early in training it can be nearly flat while the AMI, which takes the component of the largest γ, is already high; the confidence tells how flat it is.";

function pictureSections({ pictures, tests }: RunSummary): DocumentSection[] {
  if (pictures.length === 0) return [];
  const notes = tests.length > 0 ? [paragraph(FLAT_GAMMA)] : [];
  return [
    {
      id: 'pictures',
      title: 'Pictures',
      blocks: [...notes, ...pictures.map((picture) => ({ type: 'linked picture', ...picture }) as const)],
    },
  ];
}

/** A run's report: test scores, training in brief, pictures and configuration. */
function runDocument(run: RunSummary): ReportDocument {
  const { name, description, configuration, epochs, tests } = run;
  return {
    title: name,
    introduction: description,
    sections: [
      testSection(tests),
      trainingSection(epochs),
      ...pictureSections(run),
      configurationSection(configuration),
    ],
  };
}

/**
 * A run's report in Markdown (GitHub's dialect).
 * @returns the text of the file, which ends with a line break
 */
export const runReport = (run: RunSummary): string => documentMarkdown(runDocument(run));
