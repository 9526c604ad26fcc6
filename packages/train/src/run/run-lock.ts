import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT_CODES, RunError } from '../errors.js';
import { errorCode, makeFolder, readWhole, writeError } from '../system/files.js';

/** Who holds a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, ISO 8601. */
  readonly since: string;
  /** What tells the process from a later one of the same number; empty where the system does not say. */
  readonly process: string;
}

const holderSchema = z.object({ pid: z.int().min(1), host: z.string(), since: z.string(), process: z.string() });
const LOCK_BYTES = 4096;

/** The state of a process and its start time since the boot (proc_pid_stat(5), fields 3 and 22); empty but on Linux. */
function processStatus(pid: number): { state?: string; startTicks?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field, the program's name, may hold spaces and parentheses: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], startTicks: fields[19] };
  } catch {
    return {};
  }
}

/** The boot and the start time of a process, which its number alone does not tell (Linux); empty elsewhere. */
function processIdentity(pid: number): string {
  const { startTicks } = processStatus(pid);
  try {
    return startTicks ? `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${startTicks}` : '';
  } catch {
    return '';
  }
}

function isAlive({ pid, process: identity }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is another user's.
    if (errorCode(error) === 'ESRCH') return false;
  }
  // A zombie has ended: its parent, in a container often none that cares, has only not asked how.
  if (processStatus(pid).state === 'Z') return false;
  return identity === '' || identity === processIdentity(pid);
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Milliseconds between two looks at a lock that is still empty: its writer is between opening and writing it. */
const EMPTY_LOCK_WAIT = 50;
const EMPTY_LOCK_LOOKS = 20;

/**
 * The one writer of a run folder: a file `lock` with the process, its host and the time. A lock whose process has died
 * on this host is taken over; one of another host cannot be checked from here and is respected.
 */
export class RunLock {
  readonly #file: string;
  readonly #content: string;
  readonly #release = () => this.release();

  private constructor(file: string, content: string) {
    this.#file = file;
    this.#content = content;
    process.on('exit', this.#release);
  }

  /**
   * Takes the lock of a run folder, which is made where absent.
   * @throws RunError that names the holder, with exit code {@link EXIT_CODES.inUse}
   */
  static async acquire(folder: string): Promise<RunLock> {
    const file = join(folder, 'lock');
    const holder: Holder = {
      pid: process.pid,
      host: hostname(),
      since: new Date().toISOString(),
      process: processIdentity(process.pid),
    };
    const content = `${JSON.stringify(holder)}\n`;
    try {
      makeFolder(folder);
      for (;;) {
        if (tryCreate(file, content)) return new RunLock(file, content);
        await removeStale(folder, file);
      }
    } catch (error) {
      throw writeError(file, error);
    }
  }

  /** @throws RunError where the lock is no longer this process's: somebody removed it and another run took the folder */
  check(): void {
    if (readIfThere(this.#file) === this.#content) return;
    throw new RunError(
      `${this.#file} is no longer this process's: another one has taken the run folder, so this one stops.`,
      undefined,
      { exitCode: EXIT_CODES.inUse },
    );
  }

  release(): void {
    process.off('exit', this.#release);
    try {
      if (readIfThere(this.#file) === this.#content) rmSync(this.#file);
    } catch {
      // A lock that cannot be removed is stale once this process has ended.
    }
  }
}

function tryCreate(file: string, content: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function readIfThere(file: string): string | undefined {
  try {
    return readWhole(file, LOCK_BYTES).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Removes the lock of a dead process; refuses where its process may live. */
async function removeStale(folder: string, file: string): Promise<void> {
  let text = readIfThere(file);
  for (let look = 0; text !== undefined && !parseHolder(text) && look < EMPTY_LOCK_LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, EMPTY_LOCK_WAIT));
    text = readIfThere(file);
  }
  const holder = parseHolder(text ?? '');
  if (holder && (holder.host !== hostname() || isAlive(holder))) {
    throw new RunError(
      `${folder} is in use by process ${holder.pid} on ${holder.host} since ${holder.since}`,
      `wait for it or give another folder (where that process is gone for sure, remove ${file}).`,
      { exitCode: EXIT_CODES.inUse },
    );
  }
  removeUnchanged(file, text);
}

/** Removes `file` if it still holds `text`: of two processes that take a stale lock over, one wins. */
function removeUnchanged(file: string, text: string | undefined): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) === text) rmSync(aside, { force: true });
  else renameSync(aside, file);
}
