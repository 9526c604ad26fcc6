import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT_CODES, RunError } from '../errors.js';
import { type LockOptions, RunLock } from './run-lock.js';

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

async function expectRefused(named: string, options?: LockOptions): Promise<void> {
  const error = await RunLock.acquire(folder, options).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(RunError);
  expect((error as RunError).exitCode).toBe(EXIT_CODES.inUse);
  expect((error as RunError).message).toContain(`${folder} is in use by ${named} since`);
}

async function expectTakenOver(options?: LockOptions): Promise<void> {
  const lock = await RunLock.acquire(folder, options);
  expect(JSON.parse(readFileSync(file(), 'utf8')).pid).toBe(process.pid);
  lock.release();
  expect(existsSync(file())).toBe(false);
}

/** The number of a process that has ended and that its parent, which lives on, never asks about. */
async function zombie() {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [text] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(text.toString());
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  // A shell would ask about it: it ends once the parent is no shell any more.
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n');
  process.kill(pid);
  await until(() => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0] === 'Z');
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

  it('has another name where one is asked for', async () => {
    const lock = await RunLock.acquire(folder, { name: 'task.lock' });
    expect(readdirSync(folder)).toEqual(['task.lock']);
    (await RunLock.acquire(folder)).release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
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

/** Of another host, where no process can be looked at; it gives a sign of life every 20 ms. */
const elsewhere = { pid: 2 ** 30, host: 'elsewhere', beat: 0.02 };

describe('RunLock and signs of life', () => {
  it('gives one every ten seconds until it is released', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const lock = await RunLock.acquire(folder);
      utimesSync(file(), 1000, 1000);
      vi.advanceTimersByTime(9000);
      expect(statSync(file()).mtimeMs).toBe(1_000_000);
      vi.advanceTimersByTime(1000);
      expect(Date.now() - statSync(file()).mtimeMs).toBeLessThan(60_000);
      lock.release();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a holder on another host that gives none for a while is dead: its lock is taken over', async () => {
    write(elsewhere);
    const told: string[] = [];
    const before = performance.now();
    await expectTakenOver({ tell: (sentence) => told.push(sentence) });
    expect(performance.now() - before).toBeGreaterThan(12 * 20);
    expect(told).toEqual([
      `${folder} is held by process ${2 ** 30} on elsewhere: looking for its signs of life for up to 1 s.`,
    ]);
  });

  it('a holder on another host that gives them is respected, whatever time its clock shows', async () => {
    write(elsewhere);
    let time = 0;
    const holder = setInterval(() => utimesSync(file(), ++time, time), 20);
    await expectRefused(`process ${2 ** 30} on elsewhere`).finally(() => clearInterval(holder));
  });

  it('a process of this number in another container of the same name is not taken for the holder', async () => {
    write({ ...elsewhere, host: hostname(), space: 'another' });
    await expectTakenOver();
    write({ ...elsewhere, host: hostname(), space: 'another', pid: process.ppid });
    await expectTakenOver();
  });

  it('a lock that is given back meanwhile is taken at once, and what stops the waiting is thrown', async () => {
    write({ ...elsewhere, beat: 60 });
    const stop = () => Promise.reject(new Error('stopped'));
    await expect(RunLock.acquire(folder, { pause: stop })).rejects.toThrow('stopped');
    expect(existsSync(file())).toBe(true);
    write({ ...elsewhere, beat: 0.3 });
    setTimeout(() => rmSync(file()), 20);
    await expectTakenOver();
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
