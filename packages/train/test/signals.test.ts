import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastLine, nemIn, onWorkers, settings, startNem, temporaryFolder, until } from './nem.fixture.js';

const folder = temporaryFolder('signals');
const nem = nemIn(folder);

/** What `nem train` does with signals is tested with runs that survive; `engines setup`, `bench` and `reproduce` with theirs. */
describe('nem evaluate', () => {
  const report = () =>
    Object.fromEntries(
      readdirSync(join(folder, 'run/report')).map((name) => [
        name,
        readFileSync(join(folder, 'run/report', name)).toString('base64'),
      ]),
    );

  beforeAll(() => {
    const size = ['dataset.training=64', 'dataset.validation=16', 'batchSize=64', 'steps=3'];
    const args = ['--epochs', '1', '--count', '64', '--out', 'run', ...onWorkers(2), ...settings(...size)];
    expect(nem('train', 'static-shapes', ...args).status).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGUSR1', 138],
  ] as const)(
    '%s ends it after the present batch with one sentence and exit code %i; nothing is written',
    async (signal, code) => {
      const before = report();
      const { child, said, printed, exit } = startNem(folder, ['evaluate', 'run', '--components', '5']);
      await until(() => existsSync(join(folder, 'run/lock')), child);
      child.kill(signal);
      expect(await exit).toEqual([code, null]);
      expect(said().trim().split('\n')).toEqual([
        `${signal}: the current batch ends (a second signal ends at once).`,
        `stopped by ${signal}: evaluate the run again with nem evaluate run`,
      ]);
      expect(printed()).toBe('');
      expect(report()).toEqual(before);
      expect(existsSync(join(folder, 'run/lock'))).toBe(false);
    },
  );

  it('a second signal ends it at once, in the middle of a batch', async () => {
    // Batches of seconds: the first one has ended, and the second one has begun.
    const { child, said, exit } = startNem(folder, ['evaluate', 'run', '--steps', '200', '--components', '5']);
    await until(() => said().includes('test set, K = 5'), child);
    await sleep(200);
    child.kill('SIGTERM');
    await until(() => said().includes('a second signal ends at once'), child);
    // One that comes at once is an echo of the first.
    await sleep(600);
    child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
    expect(said()).not.toContain('stopped by');
    expect(existsSync(join(folder, 'run/lock'))).toBe(false);
  });
});

it('nem data export leaves no file behind', async () => {
  const { child, said, exit } = startNem(folder, [
    'data',
    'export',
    'flying-shapes-3',
    '--count',
    '10000',
    '--out',
    'x.h5',
  ]);
  await until(() => existsSync(join(folder, 'x.h5.part')), child);
  child.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
  expect(lastLine(said())).toBe('stopped by SIGINT: nothing was written, give the same command again.');
  expect(readdirSync(folder).filter((name) => name.startsWith('x.h5'))).toEqual([]);
});

it('nem data download keeps what has arrived', async () => {
  const server = createServer((_, response) => response.writeHead(200).write('0123456789'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { child, said, exit } = startNem(folder, ['data', 'download', '--mirror', mirror, '--out', 'mnist']);
  const part = join(folder, 'mnist/train-images-idx3-ubyte.gz.part');
  await until(() => existsSync(part) && statSync(part).size === 10, child);
  child.kill('SIGTERM');
  expect(await exit).toEqual([143, null]);
  server.closeAllConnections();
  server.close();
  expect(lastLine(said())).toBe('stopped by SIGTERM: what has arrived is kept, give the same command again.');
  expect(readFileSync(part, 'utf8')).toBe('0123456789');
});

it('nem verify ends after the present vector', async () => {
  const { child, said, printed, exit } = startNem(folder, ['verify', '--engine', 'cpu']);
  await until(() => printed() !== '', child);
  child.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
  expect(lastLine(said())).toBe('stopped by SIGINT: not every vector has been run, give the same command again.');
  expect(printed()).not.toContain('computes the right thing');
});
