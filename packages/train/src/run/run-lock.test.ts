import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT_CODES, RunError } from '../errors.js';
import { RunLock } from './run-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nem-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'lock');
const since = '2026-01-01T00:00:00.000Z';
const write = (holder: object) =>
  writeFileSync(file(), JSON.stringify({ pid: process.ppid, host: hostname(), since, process: '', ...holder }));

/** The lock that a process takes for itself. */
async function ownHolder(): Promise<{ pid: number; process: string }> {
  const lock = await RunLock.acquire(folder);
  const holder = JSON.parse(readFileSync(file(), 'utf8'));
  lock.release();
  return holder;
}

async function expectRefused(named: string): Promise<void> {
  const error = await RunLock.acquire(folder).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(RunError);
  expect((error as RunError).exitCode).toBe(EXIT_CODES.inUse);
  expect((error as RunError).message).toContain(`${folder} is in use by ${named} since`);
}

async function expectTakenOver(): Promise<void> {
  const lock = await RunLock.acquire(folder);
  expect(JSON.parse(readFileSync(file(), 'utf8')).pid).toBe(process.pid);
  lock.release();
  expect(existsSync(file())).toBe(false);
}

/** The number of a process that has ended and that its parent, which lives on, never asks about. */
async function zombie() {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [text] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(text.toString());
  const state = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0];
  while (state() !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
  return { pid, parent };
}

describe('RunLock', () => {
  it('is refused while its process lives', async () => {
    const lock = await RunLock.acquire(folder);
    await expectRefused(`process ${process.pid} on ${hostname()}`);
    lock.release();
  });

  it('is refused while a process of another user or without an identity lives', async () => {
    write({ pid: 1 });
    await expectRefused(`process 1 on ${hostname()}`);
  });

  it('of another host is respected, for its process cannot be looked for', async () => {
    write({ pid: 2 ** 30, host: 'elsewhere' });
    await expectRefused(`process ${2 ** 30} on elsewhere`);
  });

  it('of a process that is no more is taken over', async () => {
    write({ pid: 2 ** 30 });
    await expectTakenOver();
  });

  it.each(['', 'no JSON', '{"pid": "x"}', 'x'.repeat(5000)])('that is damaged is taken over (%#)', async (text) => {
    writeFileSync(file(), text);
    await expectTakenOver();
  });

  it('is lost to another process that takes the folder, and then left alone', async () => {
    const lock = await RunLock.acquire(folder);
    lock.check();
    write({ pid: 1 });
    expect(() => lock.check()).toThrow("is no longer this process's");
    lock.release();
    expect(existsSync(file())).toBe(true);
  });

  it('that many want has one holder', async () => {
    write({ pid: 2 ** 30 });
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => RunLock.acquire(folder)));
    const taken = all.filter((result) => result.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    taken[0]?.value.release();
  });
});

describe.skipIf(process.platform !== 'linux')('where processes are told apart (Linux)', () => {
  it('a lock whose process number is now another process is taken over', async () => {
    const { pid, process: identity } = await ownHolder();
    const [boot = '', ticks] = identity.split(' ');
    expect(boot).not.toBe('');
    expect(ticks).toMatch(/^\d+$/);
    for (const other of [`${boot} ${Number(ticks) - 1}`, `${boot.replace(/^./, '_')} ${ticks}`]) {
      write({ pid, process: other });
      await expectTakenOver();
    }
    write({ pid, process: identity });
    await expectRefused(`process ${pid} on ${hostname()}`);
  });

  it('the lock of a process that has ended, though its parent has not taken note, is taken over', async () => {
    const { pid, parent } = await zombie();
    write({ pid });
    await expectTakenOver();
    parent.kill();
  });
});
