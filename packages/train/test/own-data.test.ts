import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineDataset } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastLine, nemIn, node, onWorkers, settings, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('own-data');
const nem = nemIn(folder);
const example = fileURLToPath(new URL('../examples/bars.mjs', import.meta.url));
const small = ['--engine', 'cpu', '--epochs', '1', '--count', '2'];
const sizes = settings(
  'validationInputs=4',
  'batchSize=4',
  'network={"type":"n-em","size":3}',
  'components=2',
  'steps=2',
);

/** The example's program with few samples, as a user has it in a project of their own. */
function writeModule(name: string, change: (text: string) => string = (text) => text): void {
  const few = '  sizes: { training: 8, validation: 4, test: 4 },\n  draw(';
  writeFileSync(join(folder, name), change(readFileSync(example, 'utf8').replace('  draw(', few)));
}

beforeAll(() => {
  const modules = fileURLToPath(new URL('../node_modules/@nem', import.meta.url));
  mkdirSync(join(folder, 'node_modules/@nem'), { recursive: true });
  for (const name of ['datasets', 'core']) symlinkSync(join(modules, name), join(folder, 'node_modules/@nem', name));
  symlinkSync(dirname(dirname(example)), join(folder, 'node_modules/@nem/train'));
  writeModule('bars.mjs');
});

it('the example is a program of at most 20 lines, and the one in the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`js\n${readFileSync(example, 'utf8')}\`\`\``);
  expect(
    readFileSync(example, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '').length,
  ).toBeLessThanOrEqual(20);
});

it('nem data export writes all samples of a split that has fewer than it writes by default', () => {
  const { status, stdout } = nem('data', 'export', './bars.mjs', '--split', 'all', '--out', 'written.h5');
  expect(stdout).toContain('written.h5: 8 training, 4 validation, 4 test samples of 1 × 12 × 12 pixels');
  expect(status).toBe(0);
});

describe('nem train ./bars.mjs', () => {
  it('trains on worker threads, scores and reports; the run is evaluated and goes on from its folder alone', () => {
    const { status, stderr } = nem('train', './bars.mjs', ...onWorkers(2), ...small.slice(2), ...sizes);
    expect(stderr).toContain('epoch 1, 2 updates');
    expect(status).toBe(0);
    const { dataset } = JSON.parse(readFileSync(join(folder, 'runs/bars/config.json'), 'utf8')).experiment;
    expect(dataset).toMatchObject({ type: 'custom', name: 'bars', module: './bars.mjs', height: 12, test: 4 });
    expect(existsSync(join(folder, 'runs/bars/report/overview.png'))).toBe(true);
    expect(readdirSync(join(folder, 'runs/bars')).some((name) => name.startsWith('events.out'))).toBe(true);
    const scored = nem('evaluate', 'runs/bars', '--json');
    expect(JSON.parse(scored.stdout)).toMatchObject({ test: { inputs: 4, name: 'test set' } });
    expect(nem('train', '--resume', 'runs/bars', '--count', '0').stderr).toContain('training ended by last epoch.');
  });

  it('refuses other data in the same module, and scores those of another where they are named', () => {
    cpSync(join(folder, 'runs/bars'), join(folder, 'runs/changed'), { recursive: true });
    writeModule('changed.mjs', (text) => text.replace('light(2, i, column);', 'light(2, i, row);'));
    const config = readFileSync(join(folder, 'runs/changed/config.json'), 'utf8').replace(
      './bars.mjs',
      './changed.mjs',
    );
    writeFileSync(join(folder, 'runs/changed/config.json'), config);
    const refused = nem('evaluate', 'runs/changed');
    expect(refused).toMatchObject({
      status: 2,
      stderr: `the samples of bars version 1 {"seed":0} are others than the run's: give those, or name other data on purpose with the option data.\n`,
    });
    const named = nem('evaluate', 'runs/bars', '--data', './changed.mjs', '--json');
    expect(JSON.parse(named.stdout).test).toMatchObject({ name: 'test set, ./changed.mjs', inputs: 4 });
    writeModule('moved.mjs');
    const moved = nem('evaluate', 'runs/changed', '--data', './moved.mjs', '--json');
    expect(JSON.parse(moved.stdout).test).toMatchObject({ name: 'test set' });
  });

  it('asks where the data are once the module has gone', () => {
    cpSync(join(folder, 'runs/bars'), join(folder, 'runs/lost'), { recursive: true });
    const config = readFileSync(join(folder, 'runs/lost/config.json'), 'utf8').replace('./bars.mjs', './lost.mjs');
    writeFileSync(join(folder, 'runs/lost/config.json'), config);
    const { status, stderr } = nem('train', '--resume', 'runs/lost');
    expect(stderr).toMatch(
      /^the run's data are not in .*lost\.mjs: where they have moved, name the file with --data\.\n$/,
    );
    expect(status).toBe(1);
    const found = nem('train', '--resume', 'runs/lost', '--data', './moved.mjs', '--count', '0');
    expect(found.stderr).toContain('training ended by last epoch.');
  });

  it('says what is wrong with a module in one sentence', () => {
    const said = (...args: string[]) => nem('train', ...args).stderr;
    writeFileSync(join(folder, 'empty.mjs'), 'export const bars = 1;\n');
    writeFileSync(join(folder, 'broken.mjs'), 'bars();\n');
    expect(said('./none.mjs')).toBe('there is no file ./none.mjs: name a module that is there.\n');
    expect(said('./empty.mjs')).toBe(
      './empty.mjs exports no experiment: write export const experiment = defineExperiment({ … }).\n',
    );
    expect(said('./broken.mjs')).toBe(
      './broken.mjs cannot be loaded (ReferenceError: bars is not defined): mend it.\n',
    );
  });

  it('says of TypeScript that a Node which does not load it needs it compiled', () => {
    const loads = Boolean((process.features as { readonly typescript?: unknown }).typescript);
    const nemOfPlainNode = nemIn(folder, loads ? { NODE_OPTIONS: '--no-experimental-strip-types' } : {});
    writeModule('bars.ts');
    expect(nemOfPlainNode('train', './bars.ts')).toMatchObject({
      status: 2,
      stderr: `./bars.ts is TypeScript, which Node ${process.versions.node} does not load: compile it to .mjs, or use Node 22.18 or newer.\n`,
    });
  });
});

describe('data in an HDF5 file of another size', () => {
  const bars = defineDataset({
    ...{ name: 'bars', height: 8, width: 12, objects: 2, sizes: { training: 8, validation: 4, test: 4 } },
    draw({ random, light }) {
      const row = random.integer(8);
      for (let i = 0; i < 12; i++) light(1, row, i);
    },
  });
  beforeAll(() => writeHdf5({ dataset: bars, file: join(folder, 'bars.h5'), counts: bars.sizes }));

  it('gives the network its size: a JSON file names them, or --data', () => {
    const described = {
      dataset: { type: 'hdf5', file: 'bars.h5' },
      components: 2,
      steps: 2,
      batchSize: 4,
      validationInputs: 4,
    };
    writeFileSync(join(folder, 'file.json'), JSON.stringify(described));
    expect(nem('train', 'file.json', ...small).status).toBe(0);
    const sized = (run: string) => JSON.parse(readFileSync(join(folder, run, 'config.json'), 'utf8')).experiment;
    expect(sized('runs/file')).toMatchObject({
      name: 'file',
      dataset: { height: 8 },
      network: { output: [{ size: 96 }] },
    });
    const few = settings('steps=2', 'batchSize=4', 'validationInputs=4');
    expect(nem('train', 'static-shapes', '--data', 'bars.h5', ...small, ...few, '--out', 'sized').status).toBe(0);
    expect(sized('sized')).toMatchObject({ dataset: { width: 12 }, network: { output: [{ size: 96 }] } });
  });

  it('or says which three settings to give', () => {
    const { status, stderr } = nem('train', 'flying-mnist', '--data', 'bars.h5');
    expect(stderr).toBe(
      "bars.h5 has images of 8×12 pixels, and no network of the same layers as flying-mnist's has that size: give --set dataset.height=8, --set dataset.width=12 and --set network=… with one that has.\n",
    );
    expect(status).toBe(2);
  });
});

it('nem bench times a step of a module and of a JSON file', () => {
  const few = ['--engine', 'cpu', '--steps', '1', '--no-peer', ...settings('batchSize=2', 'steps=2')];
  const { status, stdout, stderr } = nem('bench', './bars.mjs', 'file.json', ...few);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^bars +cpu +[\d.]+ .*\nfile +cpu +[\d.]+ /m);
  expect(nem('bench', './none.mjs', ...few).stderr).toBe('there is no file ./none.mjs: name a module that is there.\n');
});

it('nem compare has a table of the runs and their curves', () => {
  const { status, stdout, stderr } = nem('compare', 'runs/bars', 'runs/file', 'bars.mjs');
  expect(stdout).toMatch(/^run +experiment +epochs[^\n]*\nruns\/bars +bars +1 /);
  expect(lastLine(stdout)).toBe('settings that differ and curves: comparison/index.html');
  expect(stderr).toBe('bars.mjs is no run: it is left out.\n');
  expect(readdirSync(join(folder, 'comparison')).sort()).toEqual([
    'adjustedMutualInfo-max.png',
    'adjustedMutualInfo-max.svg',
    'index.html',
    'index.md',
    'loss.png',
    'loss.svg',
  ]);
  expect(status).toBe(0);
  expect(nem('compare', 'bars.mjs').status).toBe(2);
});

it('a program trains with fit, and prints nothing that it does not print itself', () => {
  const program = `
import { fit } from '@nem/train';
import { experiment } from './bars.mjs';
const run = await fit({ experiment: { ...experiment, experiment: { ...experiment.experiment, epochs: 1, batchSize: 4, steps: 2, validationInputs: 4 } }, out: 'fitted', engine: 'cpu' });
console.log(run.ending, run.test.inputs);
`;
  writeFileSync(join(folder, 'program.mjs'), program);
  expect(node(folder, ['program.mjs'])).toEqual({ status: 0, stdout: 'last epoch 4\n', stderr: '' });
});
