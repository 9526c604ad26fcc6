import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { deriveKey, fillIntegers } from '@nem/random';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetError } from '../dataset.js';
import { poolSize } from './digits.js';
import { downloadMnist } from './download.js';
import { loadDigits } from './load-digits.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-mnist-'));
afterAll(() => rmSync(folder, { recursive: true }));

function idx(seed: number, ...shape: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  const length = shape.reduce((product, size) => product * size, 1);
  return Buffer.concat([header, fillIntegers(deriveKey(seed, 'idx'), new Uint8Array(length), 10)]);
}

const contents = {
  'train-images-idx3-ubyte': idx(1, 60, 28, 28),
  'train-labels-idx1-ubyte': idx(2, 60),
  't10k-images-idx3-ubyte': idx(3, 10, 28, 28),
  't10k-labels-idx1-ubyte': idx(4, 10),
};

function writeSet(
  name: string,
  change: (file: string, bytes: Buffer) => Buffer | undefined = (_, bytes) => bytes,
): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, bytes] of Object.entries(contents)) {
    const changed = change(file, bytes);
    if (changed) writeFileSync(join(path, file), changed);
  }
  return path;
}

describe('a folder of IDX files', () => {
  it('is read and named as the source', async () => {
    const path = writeSet('whole');
    const digits = await loadDigits({ folder: path });
    expect(digits.source).toContain(path);
    expect(Buffer.from(digits.training).equals(contents['train-images-idx3-ubyte']!.subarray(16))).toBe(true);
    expect(poolSize(digits, 'test')).toBe(10);
    expect(digits.files).toEqual(Object.keys(contents).map((file) => join(path, file)));
  });

  it.each([
    ['missing', (file: string, bytes: Buffer) => (file.startsWith('t10k-i') ? undefined : bytes), 't10k-images'],
    [
      'cut',
      (file: string, bytes: Buffer) => (file.startsWith('train-i') ? bytes.subarray(0, 999) : bytes),
      'truncated',
    ],
    [
      'labels',
      (file: string, bytes: Buffer) => (file.startsWith('train-l') ? idx(1, 59) : bytes),
      '60 training images',
    ],
  ])('with a %s file gives one sentence', async (name, change, named) => {
    const loading = loadDigits({ folder: writeSet(name, change) });
    await expect(loading).rejects.toThrow(DatasetError);
    await expect(loading).rejects.toThrow(named);
  });

  /** Labels as QMNIST has them: int32 [n, 8]. */
  const wideLabels = (count: number) => {
    const bytes = idx(1, count, 8, 4);
    return Buffer.concat([Buffer.of(0, 0, 12, 2), bytes.subarray(4, 12), bytes.subarray(16)]);
  };

  it.each<[string, Record<string, string>]>([
    ['with a dot', Object.fromEntries(Object.keys(contents).map((file) => [file, file.replace('-idx', '.idx')]))],
    [
      'of QMNIST, gzipped',
      {
        'train-images-idx3-ubyte': 'qmnist-train-images-idx3-ubyte.gz',
        'train-labels-idx1-ubyte': 'qmnist-train-labels-idx2-int.gz',
        't10k-images-idx3-ubyte': 'qmnist-test-images-idx3-ubyte.gz',
        't10k-labels-idx1-ubyte': 'qmnist-test-labels-idx2-int.gz',
      },
    ],
    [
      'of EMNIST',
      Object.fromEntries(Object.keys(contents).map((file) => [file, `emnist-digits-${file.replace('t10k', 'test')}`])),
    ],
  ])('is read under names %s, with labels of any type', async (name, names) => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [file, other] of Object.entries(names)) {
      const bytes = file.includes('labels')
        ? wideLabels(file.startsWith('train') ? 60 : 10)
        : contents[file as keyof typeof contents];
      writeFileSync(join(path, other), other.endsWith('.gz') ? gzipSync(bytes) : bytes);
    }
    const digits = await loadDigits({ folder: path });
    expect(Buffer.from(digits.training).equals(contents['train-images-idx3-ubyte'].subarray(16))).toBe(true);
    expect(Buffer.from(digits.test).equals(contents['t10k-images-idx3-ubyte'].subarray(16))).toBe(true);
  });

  it('under its own names is read though other sets are there, and an unpacked file before its gzipped one', async () => {
    const path = writeSet('several');
    writeFileSync(join(path, 'qmnist-train-images-idx3-ubyte'), 'no IDX file');
    await loadDigits({ folder: path });
    const dots = writeSet('dots', (file, bytes) => (file.startsWith('train-i') ? undefined : bytes));
    writeFileSync(join(dots, 'train-images.idx3-ubyte'), contents['train-images-idx3-ubyte']);
    writeFileSync(join(dots, 'train-images.idx3-ubyte.gz'), 'no IDX file');
    await loadDigits({ folder: dots });
    writeFileSync(join(dots, 'emnist-train-images-idx3-ubyte'), 'no IDX file');
    await expect(loadDigits({ folder: dots })).rejects.toThrow(
      'has no train-images-idx3-ubyte, but emnist-train-images-idx3-ubyte and train-images.idx3-ubyte: leave the four IDX files of one set there.',
    );
  });

  it('that is missing, or is a file, is told as such', async () => {
    const missing = join(folder, 'nowhere');
    await expect(loadDigits({ folder: missing })).rejects.toThrow(`the folder ${missing} cannot be read (ENOENT`);
    await expect(loadDigits({ folder: missing })).rejects.toThrow(DatasetError);
    const file = join(writeSet('file'), 't10k-labels-idx1-ubyte');
    await expect(loadDigits({ folder: file })).rejects.toThrow(`the folder ${file} cannot be read (ENOTDIR`);
  });

  const other = process.env.NEM_IDX ?? '/usr/share/datasets/fashion-mnist';
  it.skipIf(!existsSync(other))("of Debian's dataset-fashion-mnist is read (needs that package)", async () => {
    const digits = await loadDigits({ folder: other });
    expect([digits.training.length / 784, digits.test.length / 784]).toEqual([60_000, 10_000]);
  });
});

it('without a folder, a cache or a download the digits are the 10,000 embedded ones, as MNIST has them', async () => {
  const digits = await loadDigits({ folder: '', cache: join(folder, 'none'), download: false });
  expect(digits.source).toContain('embedded');
  expect((digits.training.length + digits.test.length) / 784).toBe(10_000);
  // Two thirds of the pixels of handwritten digits and more are black, and their strokes reach white.
  expect(digits.training.filter((value) => value === 0).length / digits.training.length).toBeGreaterThan(0.66);
  expect(digits.training.includes(255)).toBe(true);
});

/** Sends `bytes` and breaks the connection once the client has written them. */
function cutOff(response: ServerResponse, bytes: Buffer, written: string): void {
  response.write(bytes);
  const poll = setInterval(() => {
    if (!existsSync(written) || statSync(written).size < bytes.length) return;
    clearInterval(poll);
    response.destroy();
  }, 5);
  response.on('close', () => clearInterval(poll));
}

describe('a download', () => {
  const remote = Object.entries(contents).map(([name, bytes]) => {
    const body = gzipSync(bytes);
    return { name: `${name}.gz`, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex'), body };
  });
  let server: Server;
  let mirror: string;
  let requests: { file: string; range?: string }[];
  /** What the server does instead of answering right, by request number. */
  let faults: Map<number, 'cut' | 'wrong' | 'stall' | 'missing'>;

  beforeEach(async () => {
    requests = [];
    faults = new Map();
    server = createServer((request, response) => {
      const file = (request.url ?? '').split('/').at(-1) ?? '';
      const fault = faults.get(requests.length);
      requests.push({ file, range: request.headers.range });
      const body = remote.find(({ name }) => name === file)?.body;
      if (!body || fault === 'missing') {
        response.writeHead(404).end();
        return;
      }
      const begin = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const range = { 'content-range': `bytes ${begin}-${body.length - 1}/${body.length}` };
      response.writeHead(begin > 0 ? 206 : 200, { 'content-length': body.length - begin, ...(begin > 0 ? range : {}) });
      if (fault === 'cut') cutOff(response, body.subarray(0, 700), join(folder, 'resumed', `${file}.part`));
      else if (fault === 'stall') response.write(body.subarray(begin, begin + 50));
      else response.end(fault === 'wrong' ? Buffer.alloc(body.length - begin) : body.subarray(begin));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist/`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const download = (name: string, mirrors = [mirror]) =>
    downloadMnist({ folder: join(folder, name), mirrors, files: remote, timeout: 3000 });

  it('fills the cache once, and the cache is then the source', async () => {
    await download('cache');
    await download('cache');
    expect(requests).toHaveLength(4);
    const digits = await loadDigits({ folder: '', cache: join(folder, 'cache') });
    expect(digits.source).toContain(join(folder, 'cache'));
    expect(poolSize(digits, 'training')).toBe(50);
  });

  it('that was interrupted goes on where it ended', async () => {
    faults.set(0, 'cut');
    await expect(download('resumed')).rejects.toThrow(DatasetError);
    await download('resumed');
    expect(requests[1]).toEqual({ file: 'train-images-idx3-ubyte.gz', range: 'bytes=700-' });
    expect(readFileSync(join(folder, 'resumed', 'train-images-idx3-ubyte.gz')).equals(remote[0]!.body)).toBe(true);
  });

  it('with a wrong checksum, a missing file or a stall goes on to the next mirror', async () => {
    faults.set(0, 'wrong').set(2, 'missing').set(4, 'stall');
    await download('mirrors', [mirror, mirror.replace('mnist', 'other')]);
    for (const { name, body } of remote) expect(readFileSync(join(folder, 'mirrors', name)).equals(body)).toBe(true);
  });

  it('does not replace a file of the same name, such as one of another set', async () => {
    const path = writeSet('another set');
    for (const { name, body } of remote.slice(1)) writeFileSync(join(path, name), body);
    writeFileSync(join(path, remote[3]!.name), 'not of MNIST');
    const failed = download('another set');
    await expect(failed).rejects.toThrow(`${join(path, remote[3]!.name)} is not the file of MNIST, or is damaged`);
    await expect(failed).rejects.toThrow(DatasetError);
    expect(readFileSync(join(path, remote[3]!.name), 'utf8')).toBe('not of MNIST');
    // Nothing has begun.
    expect(requests).toEqual([]);
  });

  it('may be run several times at once, each of which ends with whole files', async () => {
    await Promise.all([download('shared'), download('shared'), download('shared')]);
    for (const { name, body } of remote) expect(readFileSync(join(folder, 'shared', name)).equals(body)).toBe(true);
    expect(readdirSync(join(folder, 'shared')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('passes on what progress throws', async () => {
    const wrong = new TypeError('wrong');
    const progress = () => {
      throw wrong;
    };
    const downloading = downloadMnist({ folder: join(folder, 'thrown'), mirrors: [mirror], files: remote, progress });
    await expect(downloading).rejects.toBe(wrong);
  });

  it('ends with the reason of what aborts it, asks no other mirror, and keeps what has arrived', async () => {
    faults.set(0, 'stall');
    const controller = new AbortController();
    const reason = new Error('enough');
    const told: unknown[] = [];
    const downloading = downloadMnist({
      ...{ folder: join(folder, 'aborted'), mirrors: [mirror, mirror], files: remote, timeout: 2 ** 31 - 1 },
      abort: controller.signal,
      progress(...of) {
        told.push(of);
        controller.abort(reason);
      },
    });
    await expect(downloading).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
    expect(told).toEqual([[remote[0]!.name, 50, remote[0]!.bytes]]);
    expect(readFileSync(join(folder, 'aborted', `${remote[0]!.name}.part`))).toEqual(remote[0]!.body.subarray(0, 50));
  });

  it('starts a part over that is longer than the file', async () => {
    const path = join(folder, 'longer');
    mkdirSync(path);
    writeFileSync(join(path, `${remote[0]!.name}.part`), Buffer.alloc(remote[0]!.bytes + 1));
    await download('longer');
    expect(readFileSync(join(path, remote[0]!.name)).equals(remote[0]!.body)).toBe(true);
  });

  it.each<[string, object, string]>([
    ['null for mirrors', { mirrors: null }, 'the mirrors are null: give a list of addresses.'],
    ['no mirror', { mirrors: [] }, 'the list of mirrors is empty: give at least one address, or leave mirrors out.'],
    [
      'a mirror without its protocol',
      { mirrors: ['https://a/', 'host/mnist/'] },
      "the mirror 'host/mnist/' is not an http or https address: give one such as https://host/mnist/.",
    ],
    [
      'a mirror that is none',
      { mirrors: [undefined] },
      'the mirror undefined is not an http or https address: give one',
    ],
    [
      'a timeout for ever',
      { timeout: Number.POSITIVE_INFINITY },
      'the timeout is Infinity: give milliseconds, above 0',
    ],
    ['a timeout that no timer has', { timeout: 2 ** 31 }, 'the timeout is 2147483648: give milliseconds, above 0'],
  ])('with %s is refused before anything is done', async (name, options, sentence) => {
    const refused = downloadMnist({ folder: join(folder, name), ...options });
    await expect(refused).rejects.toThrow(DatasetError);
    await expect(refused).rejects.toThrow(sentence);
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('tells of a file in the cache that cannot be read', async () => {
    const path = join(folder, 'unreadable');
    await download('unreadable');
    const isRoot = process.getuid?.() === 0;
    chmodSync(join(path, remote[0]!.name), 0o000);
    chmodSync(folder, 0o755);
    if (isRoot) process.seteuid?.(65_534);
    try {
      const failed = download('unreadable');
      await expect(failed).rejects.toThrow(DatasetError);
      await expect(failed).rejects.toThrow(`${remote[0]!.name} cannot be read (EACCES`);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('makes the folders around its own', async () => {
    await download('deep/er/cache');
    expect(existsSync(join(folder, 'deep/er/cache', remote[0]!.name))).toBe(true);
  });

  it('that no mirror can give leaves no wrong file and throws one sentence', async () => {
    faults.set(0, 'wrong');
    const failed = download('wrong');
    await expect(failed).rejects.toThrow('the SHA-256 is wrong');
    await expect(failed).rejects.toThrow(DatasetError);
    expect(existsSync(join(folder, 'wrong', 'train-images-idx3-ubyte.gz'))).toBe(false);
    expect(existsSync(join(folder, 'wrong', 'train-images-idx3-ubyte.gz.part'))).toBe(false);
  });
});
