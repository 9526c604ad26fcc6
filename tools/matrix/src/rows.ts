/** The ways to load a package in Node, one a column: as it is, and compiled by TypeScript. */
export const NODE_COLUMNS = ['import', 'require', 'node16', 'nodenext', 'bundler'] as const;
export type NodeColumn = (typeof NODE_COLUMNS)[number];

/** The ways to load one in a page: by bundlers, and by an import map. What needs Node is bundled for it. */
export const PAGE_COLUMNS = ['esbuild', 'vite', 'webpack', 'rollup', 'page'] as const;
export type PageColumn = (typeof PAGE_COLUMNS)[number];

export type Column = NodeColumn | PageColumn;

/** What a program gives: the same in all cells, or one value in Node and one in browsers. */
type Expected = { readonly anywhere: unknown } | { readonly node: unknown; readonly browser: unknown };

/** A program that uses a package, in `programs`, and what it must give. */
export interface Row {
  readonly program: string;
  /** What a user installs, with the folder of the installation. */
  readonly install: Install;
  /** `node`: what cannot run in a page is bundled for Node. */
  readonly runs: 'anywhere' | 'node';
  readonly expected: Expected;
  /** Columns that do not apply, with the reason. */
  readonly without?: Partial<Record<Column, string>>;
  /** Its types need those of the DOM: a dependency's do. */
  readonly dom?: true;
  /** It imports JSON by an import attribute, which TypeScript does not compile to CommonJS. */
  readonly importsJson?: true;
}

/** A user's project: its folder, and the packages that it asks for. Each has one package of ours, and peers that its programs use. */
export interface Install {
  readonly folder: string;
  readonly packages: readonly string[];
}

const install = (folder: string, ...packages: string[]): Install => ({
  folder,
  packages: [`@nem/${folder}`, ...packages],
});

const TENSORFLOW = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'];
const projects = {
  random: install('random'),
  metrics: install('metrics'),
  digits: install('digits'),
  datasets: install('datasets', '@nem/digits', 'h5wasm'),
  core: install('core', '@nem/random', ...TENSORFLOW),
  kernels: install('kernels', '@nem/random'),
  webgpu: install('webgpu', '@nem/random'),
  report: install('report'),
  models: install('models'),
  // A bundler asks for the optional peers that are imported by name.
  train: install('train', 'h5wasm', ...TENSORFLOW),
};

/** The projects in which the rows' programs stand. */
export const PROJECTS: readonly Install[] = Object.values(projects);

const LOSS = '24.524';
const BYTES = 'data, without types';

export const ROWS: readonly Row[] = [
  { program: 'random', install: projects.random, runs: 'anywhere', expected: { anywhere: [4036869888, 1135409769] } },
  { program: 'metrics', install: projects.metrics, runs: 'anywhere', expected: { anywhere: 0.5714285714285714 } },
  { program: 'metrics-frames', install: projects.metrics, runs: 'anywhere', expected: { anywhere: 1 } },
  {
    program: 'digits',
    install: projects.digits,
    runs: 'anywhere',
    expected: { anywhere: 1996 },
    without: { node16: BYTES, nodenext: BYTES, bundler: BYTES },
  },
  { program: 'datasets', install: projects.datasets, runs: 'anywhere', expected: { anywhere: [21, 16464, 5104] } },
  {
    program: 'datasets-mnist',
    install: projects.datasets,
    runs: 'anywhere',
    expected: {
      node: [
        [9, 8],
        [28, 28],
      ],
      browser: [[9, 8], 'NEM_DATASET'],
    },
  },
  {
    program: 'datasets-hdf5',
    install: projects.datasets,
    runs: 'anywhere',
    expected: { node: 280, browser: 'NEM_DATASET' },
  },
  { program: 'core', install: projects.core, runs: 'anywhere', expected: { anywhere: 13 } },
  {
    program: 'core-vectors',
    install: projects.core,
    runs: 'anywhere',
    expected: { anywhere: 3 },
    importsJson: true,
    without: { node16: 'TypeScript has no import of JSON as an ES module there' },
  },
  {
    program: 'core-tensorflow',
    install: projects.core,
    runs: 'anywhere',
    expected: { anywhere: LOSS },
    dom: true,
  },
  { program: 'kernels', install: projects.kernels, runs: 'anywhere', expected: { anywhere: LOSS } },
  { program: 'kernels-native', install: projects.kernels, runs: 'node', expected: { anywhere: true } },
  { program: 'webgpu', install: projects.webgpu, runs: 'anywhere', expected: { node: 'NEM_INPUT', browser: LOSS } },
  {
    program: 'report',
    install: projects.report,
    runs: 'anywhere',
    expected: { anywhere: [[80, 78, 71], true, 26, '# A report'] },
  },
  { program: 'models', install: projects.models, runs: 'anywhere', expected: { anywhere: ['plain', 784] } },
  { program: 'train', install: projects.train, runs: 'node', expected: { anywhere: ['static-shapes', 4, true] } },
  {
    program: 'train-browser',
    install: projects.train,
    runs: 'anywhere',
    expected: { anywhere: ['static-shapes', 4, true] },
  },
];

/** Where a cell's program runs: in a page, or in Node. */
export function placeOf({ runs }: Row, column: Column): 'node' | 'browser' {
  const inPage = (PAGE_COLUMNS as readonly Column[]).includes(column);
  return runs === 'anywhere' && inPage ? 'browser' : 'node';
}

/** Why there is no such cell; undefined where there is one. */
export function reasonWithout(row: Row, column: Column): string | undefined {
  if (row.runs === 'node' && column === 'page') return 'it needs Node';
  return row.without?.[column];
}

/** What a cell's program must give. */
export function expectedOf(row: Row, column: Column): unknown {
  const { expected } = row;
  return 'anywhere' in expected ? expected.anywhere : expected[placeOf(row, column)];
}
