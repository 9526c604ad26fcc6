import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { EXIT_CODES, RunError } from '../errors.js';
import { type Names, requireOptions } from '../require-options.js';
import { errorCode, makeFolder, readWhole, writeError } from '../system/files.js';
import { integer, positive } from '../system/numbers.js';

/** Who holds a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, ISO 8601. */
  readonly since: string;
  /** What tells the process from a later one of the same number; empty where the system does not say. */
  readonly process: string;
  /** Where process numbers mean the same, see {@link processSpace}; absent in the lock of an older version. */
  readonly space?: string;
  /** Seconds between two signs of life; absent in the lock of an older version, which gives none. */
  readonly beat?: number;
}

const holderSchema = v.object({
  pid: integer(1),
  host: v.string(),
  since: v.string(),
  process: v.string(),
  space: v.optional(v.string()),
  beat: v.optional(positive(600)),
});
const LOCK_BYTES = 4096;

/** Seconds between two signs of life: the lock's time is set to now. */
const BEAT = 10;
/** A holder that cannot be looked at is dead after so many missed signs: more than a file server or a step of training takes. */
const MISSED_BEATS = 12;

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

/**
 * The boot and the space of process numbers of this process (Linux), for containers and hosts can have the same name; empty
 * elsewhere.
 */
function processSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** Whether the processes of a lock's holder can be looked at from here. */
const isHere = ({ host, space }: Holder) => host === hostname() && (space ?? processSpace()) === processSpace();

function isAlive({ pid, process: identity }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is another user's.
    if (errorCode(error) === 'ESRCH') return false;
  }
  // A zombie: it has exited but was not reaped, which is common in containers.
  if (processStatus(pid).state === 'Z') return false;
  return identity === '' || identity === processIdentity(pid);
}

function parseHolder(text: string): Holder | undefined {
  try {
    return v.parse(holderSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Milliseconds between two looks at a lock that is still empty: its writer is between opening and writing it. */
const EMPTY_LOCK_WAIT = 50;
const EMPTY_LOCK_LOOKS = 20;
/** Milliseconds within which a signal is let in while the holder of a lock is waited for. */
const PAUSE = 250;

export interface LockOptions {
  /** Name of the lock's file in the folder. Default: `lock` */
  readonly name?: string;
  /** Told in one sentence where the holder's host must be waited for. Default: nobody */
  readonly tell?: (sentence: string) => void;
  /** Waited for while the holder's host is; what it throws ends that. Default: lets others work */
  readonly pause?: () => Promise<void>;
}

const NAMES: Names<LockOptions> = { name: true, tell: true, pause: true };

/**
 * The one writer of a run folder: a file with the process, its host and the time of the start, which is touched every
 * {@link BEAT} seconds. A lock whose process has died on this host is taken over at once; one of another host or container, where
 * its process cannot be looked at, after {@link MISSED_BEATS} signs of life that did not come. Clocks of hosts are not compared.
 */
export class RunLock {
  readonly #file: string;
  readonly #content: string;
  readonly #beats: NodeJS.Timeout;
  readonly #release = () => this.release();

  private constructor(file: string, content: string) {
    this.#file = file;
    this.#content = content;
    this.#beats = setInterval(() => touch(file), BEAT * 1000).unref();
    process.on('exit', this.#release);
  }

  /**
   * Takes the lock of a folder, which is made where absent.
   * @throws UsageError for an unknown option
   * @throws RunError that names the holder, with exit code {@link EXIT_CODES.inUse}
   * @throws what `pause` throws
   */
  static async acquire(folder: string, options: LockOptions = {}): Promise<RunLock> {
    requireOptions(options, 'RunLock.acquire', NAMES);
    const { name = 'lock', tell, pause } = options;
    const file = join(folder, name);
    const content = `${JSON.stringify(ownHolder())}\n`;
    while (!create(folder, file, content)) {
      const text = await readWritten(file);
      const holder = parseHolder(text ?? '');
      if (holder) await requireDead(folder, file, holder, { tell, pause });
      removeUnchanged(file, text);
    }
    return new RunLock(file, content);
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
    clearInterval(this.#beats);
    process.off('exit', this.#release);
    try {
      if (readIfThere(this.#file) === this.#content) rmSync(this.#file);
    } catch {
      // A lock that cannot be removed is stale once this process has ended.
    }
  }
}

const ownHolder = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  since: new Date().toISOString(),
  process: processIdentity(process.pid),
  space: processSpace(),
  beat: BEAT,
});

/** A sign of life. */
function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // A lock that was removed is noticed by the next check.
  }
}

/** Makes a lock; false where there is one. */
function create(folder: string, file: string, content: string): boolean {
  try {
    makeFolder(folder);
    return tryCreate(file, content);
  } catch (error) {
    throw writeError(file, error);
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

/** What a lock holds, once its writer has had the time to write it; undefined where it is gone. */
async function readWritten(file: string): Promise<string | undefined> {
  let text = readIfThere(file);
  for (let look = 0; text !== undefined && !parseHolder(text) && look < EMPTY_LOCK_LOOKS; look++) {
    await sleep(EMPTY_LOCK_WAIT);
    text = readIfThere(file);
  }
  return text;
}

/** @throws RunError where the holder of a lock lives, or may live */
async function requireDead(folder: string, file: string, holder: Holder, options: LockOptions): Promise<void> {
  const { pid, host, since, beat } = holder;
  if (isHere(holder) ? !isAlive(holder) : beat !== undefined && (await isSilent(folder, file, holder, beat, options)))
    return;
  throw new RunError(
    `${folder} is in use by process ${pid} on ${host} since ${since}`,
    `wait for it or give another folder (where that process is gone for sure, remove ${file}).`,
    { exitCode: EXIT_CODES.inUse },
  );
}

/** When a lock was touched last, by its host's clock; a file that is opened is asked for at its server. */
function touchedAt(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return Number.NaN;
  }
  try {
    return fstatSync(descriptor).mtimeMs;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether no sign of life of a lock's holder comes for as long as {@link MISSED_BEATS} of them take. */
async function isSilent(
  folder: string,
  file: string,
  { pid, host }: Holder,
  beat: number,
  { tell, pause }: LockOptions,
): Promise<boolean> {
  const seconds = Math.ceil(MISSED_BEATS * beat);
  tell?.(`${folder} is held by process ${pid} on ${host}: looking for its signs of life for up to ${seconds} s.`);
  const first = touchedAt(file);
  // Looks are counted, not time: while a file server hangs, no sign of life arrives there either.
  for (let look = 0; look < MISSED_BEATS; look++) {
    const until = performance.now() + beat * 1000;
    while (performance.now() < until) {
      await sleep(Math.min(beat * 1000, PAUSE));
      await pause?.();
    }
    const now = touchedAt(file);
    // Gone: another process has taken it, or its holder has given it back.
    if (Number.isNaN(now)) return true;
    if (now !== first) return false;
  }
  return true;
}

/** Removes `file` if it still holds `text`: of two processes that take a stale lock over, one wins. */
function removeUnchanged(file: string, text: string | undefined): void {
  // Two hosts can have processes of the same number.
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw writeError(file, error);
  }
  if (readIfThere(aside) === text) rmSync(aside, { force: true });
  else putBack(aside, file);
}

/** Gives a lock that another process has taken in the meantime its name back, unless a third one has it by now. */
function putBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
    rmSync(aside);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') rmSync(aside, { force: true });
    else renameSync(aside, file);
  }
}
