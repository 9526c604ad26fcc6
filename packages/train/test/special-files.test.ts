import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { nemIn, onWorkers, settings, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('special');
const nem = nemIn(folder);

/** What stands in the place of a file: reading it would wait for ever, fail, or never end. */
const KINDS = {
  pipe: (path: string) => expect(spawnSync('mkfifo', [path]).status).toBe(0),
  folder: (path: string) => mkdirSync(path),
  device: (path: string) => symlinkSync('/dev/zero', path),
};
const ALL = ['pipe', 'folder', 'device'] as const;

const evaluate = ['evaluate', 'run'];
const resume = ['train', '--resume', 'run'];
const digits = ['data', 'preview', 'static-mnist', '--set', 'dataset.digits=mnist'];
const download = ['data', 'download', '--out', 'mnist', '--mirror', 'http://127.0.0.1:9'];

/** Every place that the command reads a file from, and what brings it to. */
const READERS: readonly [place: string, kinds: readonly (keyof typeof KINDS)[], args: readonly string[]][] = [
  ['run/config.json', ALL, evaluate],
  ['run/config.json', ['pipe'], resume],
  ['run/checkpoints/last.safetensors', ALL, resume],
  ['run/checkpoints/best.safetensors', ALL, evaluate],
  ['run/metrics.jsonl', ['pipe'], evaluate],
  ['run/losses.jsonl', ['device'], evaluate],
  ['run/report/test-components-3.json', ['pipe'], evaluate],
  ['run', ALL, evaluate],
  ['run', ['pipe'], resume],
  ['vector.json', ALL, ['verify', '--vectors', 'vector.json']],
  ['data.h5', ALL, ['train', 'static-shapes', '--data', 'data.h5', '--out', 'new']],
  ['mnist/train-images-idx3-ubyte', ALL, digits],
  ['mnist/t10k-labels-idx1-ubyte', ['device'], digits],
  ['mnist/train-images-idx3-ubyte.gz', ALL, download],
  ['mnist/train-images-idx3-ubyte.gz.part', ['pipe'], download],
];

/** A set of six black images of 2×2 pixels. */
function writeDigits(): void {
  const images = [0, 0, 8, 3, ...[6, 2, 2].flatMap((size) => [0, 0, 0, size]), ...Array(24).fill(0)];
  const labels = [0, 0, 8, 1, 0, 0, 0, 6, ...Array(6).fill(0)];
  mkdirSync(join(folder, 'mnist'));
  for (const part of ['train', 't10k']) {
    writeFileSync(join(folder, 'mnist', `${part}-images-idx3-ubyte`), Uint8Array.from(images));
    writeFileSync(join(folder, 'mnist', `${part}-labels-idx1-ubyte`), Uint8Array.from(labels));
  }
}

beforeAll(() => {
  const size = ['dataset.training=8', 'dataset.validation=4', 'dataset.test=4', 'batchSize=4', 'steps=2'];
  const network = settings(...size, 'network.recurrent.size=4');
  const args = ['--epochs', '1', '--out', 'whole', ...onWorkers(1), ...network];
  expect(nem('train', 'static-shapes', ...args).status).toBe(0);
  rmSync(join(folder, 'whole/checkpoints/previous.safetensors'), { force: true });
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  it.each(READERS)('in the place of %s (%j) gives %j one sentence', (place, kinds, args) => {
    for (const kind of kinds) {
      for (const name of ['run', 'mnist', 'vector.json', 'data.h5'])
        rmSync(join(folder, name), { recursive: true, force: true });
      cpSync(join(folder, 'whole'), join(folder, 'run'), { recursive: true });
      writeDigits();
      rmSync(join(folder, place), { recursive: true, force: true });
      KINDS[kind](join(folder, place));
      const { status, stderr } = nem(...args);
      expect({ kind, lines: stderr.trim().split('\n') }).toEqual({ kind, lines: [expect.stringContaining(place)] });
      expect(status).toBe(1);
    }
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});
