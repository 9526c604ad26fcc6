import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The command's file. */
export const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** A folder for a test file, removed after its tests. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `nem-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How a command ended and what it said. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A test that needs a GPU driver names it: no program takes one that this machine happens to have. */
const environment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  VK_ICD_FILENAMES: join(tmpdir(), 'nem-no-driver.json'),
  ...env,
});

/**
 * Runs `node` with arguments in a folder; a process that hangs is a failure, not a test run without end.
 * @param timeout milliseconds after which it is ended
 */
export function node(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, timeout = 120_000): Ended {
  const limits = { timeout, killSignal: 'SIGKILL' } as const;
  const options = { encoding: 'utf8', cwd: folder, env: environment(env), ...limits } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { status, stdout, stderr };
}

/** `nem` in a folder. */
export const nemIn =
  (folder: string, env: NodeJS.ProcessEnv = {}) =>
  (...args: string[]): Ended =>
    node(folder, [cli, ...args], env);

/** A `nem` in the background, with what it has said so far. */
export interface Started {
  readonly child: ChildProcess;
  /** On the standard error stream. */
  readonly said: () => string;
  readonly printed: () => string;
  /** Exit code and signal. */
  readonly exit: Promise<unknown[]>;
}

/** Starts `nem` in a folder. */
export function startNem(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const options = { cwd: folder, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] } as const;
  const child = spawn(process.execPath, [cli, ...args], { ...options, stdio: [...options.stdio] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  }
  return { child, said: () => text.stderr, printed: () => text.stdout, exit: once(child, 'close') };
}

/** Waits until something holds, or the process has ended. */
export async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition() && child.exitCode === null && child.signalCode === null) await sleep(2);
}

export const lastLine = (text: string) => text.trim().split('\n').at(-1);

/** `--set` with each setting. */
export const settings = (...list: string[]) => list.flatMap((setting) => ['--set', setting]);

/** The engine wasm with so many worker threads, whatever else the machine has. */
export const onWorkers = (count: number) => ['--engine', 'wasm', '--workers', String(count)];
