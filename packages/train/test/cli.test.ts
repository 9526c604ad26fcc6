import { chmodSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openHdf5 } from '@nem/datasets/hdf5';
import { describe, expect, it } from 'vitest';
import { nemIn, settings, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('cli');
const nem = nemIn(folder);

/** Small enough for a test: 40 training images, a network of 8 hidden units. */
const tiny = settings(
  ...['dataset.training=40', 'dataset.validation=16', 'dataset.test=16'],
  ...['network.recurrent.size=8', 'batchSize=8', 'steps=3'],
);

describe('nem train', () => {
  const run = join(folder, 'run');

  it('trains, evaluates and draws, the same bytes for the same seed', () => {
    const again = join(folder, 'again');
    for (const out of [run, again]) {
      const { status, stdout, stderr } = nem('train', 'static-shapes', '--epochs', '2', '--out', out, ...tiny);
      const scores = String.raw`loss \d+\.\d, ARI -?\d\.\d{3}, AMI \(max\) -?\d\.\d{3}, confidence 0\.\d{3}`;
      expect(stderr).toMatch(new RegExp(`epoch 2, 10 updates, .*: training ${scores}; validation ${scores}`));
      expect(stdout).toMatch(/test AMI -?\d\.\d{3} \(max, as in the paper\)/);
      expect(status).toBe(0);
    }
    const weights = (out: string) => readFileSync(join(out, 'checkpoints/last.safetensors'));
    expect(weights(run).equals(weights(again))).toBe(true);
    for (const file of ['config.json', 'report/index.md', 'report/overview.png', 'report/curves.svg']) {
      expect(existsSync(join(run, file))).toBe(true);
    }
    const epochs = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(epochs.map((record) => record.update)).toEqual([5, 10]);
    const losses = readFileSync(join(run, 'losses.jsonl'), 'utf8');
    expect(losses).toMatch(/^\{"update":10,"loss":[\d.]+\}\n$/);
    expect(losses).toBe(readFileSync(join(folder, 'again/losses.jsonl'), 'utf8'));
    expect(epochs[1].training.loss).toBeLessThan(epochs[0].training.loss);
    // All 40 training inputs: no more than there are.
    expect(epochs[1].training.inputs).toBe(40);
    const { adjustedRand, adjustedMutualInfo, confidence } = epochs[1].training;
    expect(confidence).toBeGreaterThanOrEqual(1 / 4);
    for (const score of [adjustedRand, adjustedMutualInfo, confidence]) expect(score).toBeLessThanOrEqual(1);
  });

  it('is evaluated again from its folder, as JSON', () => {
    const { status, stdout } = nem('evaluate', run, '--json', '--engine', 'cpu');
    expect(status).toBe(0);
    const stored = JSON.parse(readFileSync(join(run, 'report/test.json'), 'utf8'));
    expect(JSON.parse(stdout).test).toEqual(stored);
    expect(stored.inputs).toBe(16);
  });

  it('trains N-EM', () => {
    const smaller = tiny.map((setting) => setting.replace('network.recurrent.size', 'network.size'));
    const run = ['--epochs', '1', '--out', join(folder, 'nem'), ...smaller];
    const { status, stdout } = nem('train', 'static-shapes-nem', ...run);
    expect(stdout).toContain('test AMI');
    expect(status).toBe(0);
  });

  it('refuses truncated weights with one sentence', () => {
    const weights = join(run, 'checkpoints/best.safetensors');
    const whole = readFileSync(weights);
    truncateSync(weights, 100);
    const { status, stderr } = nem('evaluate', run);
    writeFileSync(weights, whole);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('best.safetensors');
  });

  it('refuses a run folder that cannot be written to with one sentence', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    const { status, stderr } = nem('train', 'static-shapes', '--out', join(file, 'run'), ...tiny);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('--out');
  });
});

it('a network that does not fit into a checkpoint is refused with one sentence', () => {
  const { status, stderr } = nem('train', 'static-shapes-nem', '--set', 'network.size=1000000000');
  expect(stderr).toMatch(
    /^the network has \d+ parameters, too many for a checkpoint, .+: make it smaller, e\.g\. --set network\.size=500000000\.\n$/,
  );
  expect(status).toBe(2);
});

describe('usage errors', () => {
  it.each([
    [['train', 'static-shapes', '--set', 'batchSize=abc'], 'batchSize is "abc"'],
    [['train', 'static-shapes', '--set', 'colour=1'], "no field 'colour'"],
    [['train', 'static-shapes', '--set', '__proto__.x=1'], 'no field'],
    [['train', 'flying-carpets'], "unknown experiment 'flying-carpets'"],
    [['train', 'static-shapes', '--engine', 'abacus'], "unknown engine 'abacus'"],
    [['train', 'static-shapes', '--seed', '-1'], '--seed'],
    [['train', 'static-shapes', '--colour'], '--colour'],
    [['train', 'static-shapes', '--out', ''], '--out'],
    [['train', '--resume', ' '], '--resume'],
    [['train', 'static-shapes', '--engine', 'cpu', '--workers', '2'], "'cpu' has no worker threads"],
    [['verify', '--engine', 'cpu', '--workers', '1'], "'cpu' has no worker threads"],
    [['train', 'static-shapes', '--engine', 'cpu', '--float16'], "'cpu' does not compute in float16: leave it out"],
    [['bench', 'static-shapes', '--engine', 'cpu', '--float16'], "'cpu' does not compute in float16: leave it out"],
    [['train', 'static-shapes', '--engine', 'wasm', '--precision', 'bfloat16'], 'add --engine native'],
    [['train', 'static-shapes', '--precision', 'float8'], '--precision'],
    [['train', 'static-shapes', '--count', '0', '--json'], '--count 0 scores none: leave one of them out'],
    [['reproduce', 'static', '--engine', 'cpu', '--precision', 'float16'], "'cpu' does not compute in float16"],
    [['bench', 'static-shapes', '--engine', 'cpu', '--workers', '1'], "'cpu' has no worker threads"],
    [['train', 'static-shapes', '--set', 'network.output.0.size=10'], '784'],
  ])('%j exit with 2 and one sentence', (args, named) => {
    const { status, stderr } = nem(...args);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });
});

describe('nem verify', () => {
  it('holds on both engines', () => {
    for (const engine of ['wasm', 'cpu']) {
      const { status, stdout } = nem('verify', '--engine', engine);
      expect(stdout).toContain(`the engine ${engine} computes the right thing`);
      expect(status).toBe(0);
    }
  });

  it.each(['vector.json', '/dev/zero', 'nowhere.json'])('refuses %s, no vector, with one sentence', (name) => {
    writeFileSync(join(folder, 'vector.json'), '{"image": [2');
    const { status, stderr } = nem('verify', '--vectors', resolve(folder, name));
    expect(status).toBe(1);
    expect(stderr).toContain(name);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

/** The commands that a help text lists, but for `help` itself. */
const listed = (help: string) =>
  (help.split('Commands:\n')[1] ?? '')
    .split('\n\n')[0]!
    .match(/^ {2}(\w[\w-]*)/gm)
    ?.map((name) => name.trim()) ?? [];

it('nem list names the experiments and the help of every command has an example of it', () => {
  const lines = nem('list').stdout.trimEnd().split('\n');
  expect(lines.join('\n')).toMatch(/static-shapes .*\n.*static-shapes-nem/);
  // The descriptions begin in one column.
  expect(new Set(lines.map((line) => /^\S+ +/.exec(line)?.[0].length)).size).toBe(1);
  const top = listed(nem('--help').stdout).filter((name) => name !== 'help');
  expect(top).toEqual([
    'train',
    'evaluate',
    'group',
    'compare',
    'reproduce',
    'results',
    'export',
    'bench',
    'list',
    'verify',
    'engines',
    'data',
  ]);
  const inner = [['engines', 'setup'], ...['export', 'preview', 'download'].map((name) => ['data', name])];
  for (const command of [...top.map((name) => [name]), ...inner]) {
    const { stdout, status } = nem(...command, '--help');
    if (command[0] === 'train') expect(stdout).toMatch(/--checkpoint-minutes <n>[^(]+\(default: 5\)/);
    expect(stdout).toMatch(new RegExp(`Example:\n {2}.*nem ${command.join(' ')}`));
    expect(status).toBe(0);
  }
});

describe('nem data', () => {
  it('exports a dataset as HDF5', async () => {
    const file = join(folder, 'shapes.h5');
    const { status, stdout } = nem('data', 'export', 'static-shapes', '--split', 'test', '--count', '5', '--out', file);
    expect(stdout).toContain('1 training, 1 validation, 5 test samples of 1 × 28 × 28 pixels');
    expect(status).toBe(0);
    const dataset = await openHdf5(file);
    expect(dataset.sizes).toEqual({ training: 1, validation: 1, test: 5 });
    dataset.close();
  });

  it('draws what a file has as it draws the dataset that was written, and trains on it', () => {
    const draw = (out: string, ...more: string[]) => {
      const { status } = nem('data', 'preview', 'static-shapes', '--count', '5', '--out', out, ...more);
      expect(status).toBe(0);
      return readFileSync(join(folder, out, 'samples.png'));
    };
    expect(draw('of-file', '--data', 'shapes.h5').equals(draw('of-dataset'))).toBe(true);
    expect(nem('data', 'export', 'static-shapes', '--split', 'all', '--count', '16', '--out', 'all.h5').status).toBe(0);
    const network = tiny.filter((text, i) => ![text, tiny[i + 1]].some((each) => each?.startsWith('dataset.')));
    const run = ['--data', 'all.h5', '--epochs', '1', '--out', 'on-file', '--json', ...network];
    const { status, stdout } = nem('train', 'static-shapes', ...run);
    expect(JSON.parse(stdout).test.inputs).toBe(16);
    expect(status).toBe(0);
  });

  it.each([
    [['data', 'export', 'static-shapes', '--out', 'none/a.h5'], 'none/a.h5 cannot be written'],
    [['train', 'static-shapes', '--data', 'text.h5', '--out', 'x'], 'text.h5: it cannot be read (Not an HDF5 file)'],
    [['train', 'static-shapes', '--data', 'nowhere.h5', '--out', 'x'], 'nowhere.h5: there is no such file'],
    [
      ['data', 'preview', 'static-mnist', '--set', 'dataset.digits=idx'],
      'idx/train-images-idx3-ubyte: the IDX file has 8 bytes',
    ],
    [['data', 'preview', 'static-mnist', '--set', 'dataset.digits=none'], 'the folder none cannot be read (ENOENT'],
  ])('%j: a file that cannot be used gives exit code 1 and one sentence', (args, named) => {
    writeFileSync(join(folder, 'text.h5'), 'no HDF5 at all');
    mkdirSync(join(folder, 'idx'), { recursive: true });
    const idx = (name: string, ...bytes: number[]) => writeFileSync(join(folder, 'idx', name), Uint8Array.from(bytes));
    const labels = [0, 0, 8, 1, 0, 0, 0, 1, 7];
    for (const name of ['train-labels', 't10k-labels']) idx(`${name}-idx1-ubyte`, ...labels);
    idx('t10k-images-idx3-ubyte', 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 255);
    idx('train-images-idx3-ubyte', 0, 0, 8, 3, 0, 0, 0, 9);
    const { status, stderr } = nem(...args);
    expect(stderr).toContain(named);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('draws a dataset', () => {
    const out = join(folder, 'preview');
    const { status, stdout } = nem('data', 'preview', 'static-shapes', '--count', '2', '--out', out, '--json');
    expect(status).toBe(0);
    const { picture, animation } = JSON.parse(stdout);
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(animation).subarray(0, 3).toString()).toBe('GIF');
  });

  it.each([
    [['data', 'export', 'static-shapes', '--split', 'half', '--out', 'a.h5'], "--split is 'half'"],
    [['data', 'export', 'static-shapes', '--count', '20000', '--out', 'a.h5'], '20000'],
    [['data', 'preview', 'static-shapes', '--count', '101'], '--count is 101'],
    [['data', 'preview', 'flying-carpets'], 'flying-carpets'],
  ])('%j exits with 2 and one sentence', (args, named) => {
    const { status, stderr } = nem(...args);
    expect(stderr).toContain(named);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });

  it('says in one sentence that a download failed', () => {
    const { status, stderr } = nem('data', 'download', '--mirror', 'http://127.0.0.1:9/', '--out', 'mnist');
    expect(stderr).toContain('could not be downloaded');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(1);
  });
});
