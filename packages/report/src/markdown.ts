import { bestEpoch, type EpochRecord } from './epoch-record.js';
import { code, escapeMarkdown, linkTarget, table } from './markdown-text.js';

/** Scores of the kept weights on one test set (method, section 7). A value that could not be computed is NaN. */
export interface TestScores {
  /** What was tested, e.g. `test set` or `5 objects, K = 3`. */
  readonly name: string;
  /** Number of inputs scored. */
  readonly inputs: number;
  /** Adjusted mutual information, at most 1, by how the two entropies are averaged in its denominator. */
  readonly adjustedMutualInfo: {
    /** The larger of the two: the paper's. */
    readonly max: number;
    /** Their arithmetic mean: today's default of scikit-learn. */
    readonly arithmetic: number;
  };
  /** Adjusted Rand index, at most 1. */
  readonly adjustedRand: number;
  /** Mean over the pixels of objects of the largest γ, from 1/K to 1. */
  readonly confidence: number;
  /** The training objective per input. */
  readonly loss: number;
  /** Negative log likelihood of the next frame under max_k ψ_k, which uses no γ. Left out: no column where no test has it. */
  readonly predictionLoss?: number;
  /** The published score to compare with, e.g. `AMI 0.826 ± 0.005`. Left out: no column where no test has it. */
  readonly published?: string;
}

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

/** What stands for a number that could not be computed. */
const NO_NUMBER = '–';

const score = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : NO_NUMBER);

const loss = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(5))) : NO_NUMBER);

/** Seconds as hours, minutes and seconds, e.g. `2 h 5 min` or `42 s`. */
function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_NUMBER;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes === 0) return `${Number(seconds.toPrecision(2))} s`;
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** The leaves of nested objects by their dotted names; arrays are leaves. */
function leaves(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    isPlainObject(inner) ? leaves(inner, `${prefix}${key}.`) : [[`${prefix}${key}`, inner]],
  );
}

function configurationSection(configuration: RunSummary['configuration']): string {
  const rows = leaves(configuration)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [code(name), code(typeof value === 'object' ? JSON.stringify(value) : String(value))]);
  return `## Configuration\n\n${rows.length === 0 ? 'Every setting has its default.' : table(['setting', 'value'], rows)}`;
}

function trainingSection(epochs: readonly EpochRecord[]): string {
  const last = epochs.at(-1);
  if (!last) return '## Training\n\nNo epoch was finished.';
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const best = bestEpoch(epochs);
  const chosen: [string, EpochRecord][] = best && best !== last ? [['best', best]] : [];
  const rows = [...chosen, [best === last ? 'last, best' : 'last', last] as const].map(([name, record]) => [
    `${record.epoch} (${name})`,
    String(record.update),
    loss(record.training.loss),
    loss(record.validation.loss),
    score(record.validation.adjustedMutualInfo),
    score(record.validation.adjustedRand),
    score(record.validation.confidence),
  ]);
  const head = ['epoch', 'updates', 'training loss', 'validation loss', 'AMI (max)', 'ARI', 'confidence'];
  return [
    '## Training',
    `${epochs.length} ${epochs.length === 1 ? 'epoch' : 'epochs'} in ${duration(seconds)}. The best epoch has the lowest validation loss${last.stage ? ' of the last stage' : ''}; scores are of the validation inputs.`,
    table(head, rows, true),
  ].join('\n\n');
}

/** A column of the test table: left out where no test has a value for it. */
interface Column {
  readonly head: string;
  readonly cell: (test: TestScores) => string | undefined;
}

const TEST_COLUMNS: readonly Column[] = [
  { head: 'test', cell: ({ name }) => escapeMarkdown(name) },
  { head: 'inputs', cell: ({ inputs }) => String(inputs) },
  { head: 'AMI (max)', cell: ({ adjustedMutualInfo }) => score(adjustedMutualInfo.max) },
  { head: 'AMI (arithmetic)', cell: ({ adjustedMutualInfo }) => score(adjustedMutualInfo.arithmetic) },
  { head: 'ARI', cell: ({ adjustedRand }) => score(adjustedRand) },
  { head: 'confidence', cell: ({ confidence }) => score(confidence) },
  { head: 'loss', cell: (test) => loss(test.loss) },
  {
    head: 'next-step loss',
    cell: ({ predictionLoss }) => (predictionLoss === undefined ? undefined : loss(predictionLoss)),
  },
  { head: 'published', cell: ({ published }) => (published === undefined ? undefined : escapeMarkdown(published)) },
];

function testSection(tests: readonly TestScores[]): string {
  if (tests.length === 0) return '## Test scores\n\nThe run was not tested.';
  const columns = TEST_COLUMNS.filter(({ cell }) => tests.some((test) => cell(test) !== undefined));
  return [
    '## Test scores',
    table(
      columns.map(({ head }) => head),
      tests.map((test) => columns.map(({ cell }) => cell(test) ?? NO_NUMBER)),
      true,
    ),
    'AMI is adjusted mutual information: "max" divides by the larger of the two entropies, as the paper does, "arithmetic" by their mean, as scikit-learn does by default. ARI is the adjusted Rand index. Both compare the true groups with the component of the largest γ over the pixels of objects; confidence is the mean of that γ.',
  ].join('\n\n');
}

function pictureSection(pictures: readonly ReportPicture[]): string[] {
  if (pictures.length === 0) return [];
  const blocks = pictures.map(({ title, png, svg }) => {
    const name = escapeMarkdown(title);
    return `### ${name}\n\n![${name}](${linkTarget(png)})\n\n[The same as SVG](${linkTarget(svg)})`;
  });
  return ['## Pictures', ...blocks];
}

/**
 * A run's report in Markdown (GitHub's dialect): training in brief, test scores, pictures and configuration.
 * @returns the text of the file, which ends with a line break
 */
export function runReport({ name, description, configuration, epochs, tests, pictures }: RunSummary): string {
  const sections = [
    `# ${escapeMarkdown(name)}`,
    ...(description ? [escapeMarkdown(description)] : []),
    testSection(tests),
    trainingSection(epochs),
    ...pictureSection(pictures),
    configurationSection(configuration),
  ];
  return `${sections.join('\n\n')}\n`;
}
