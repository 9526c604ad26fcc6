import { setImmediate as turn } from 'node:timers/promises';
import { StoppedError, signalExitCode } from '../stopped-error.js';

/** Ctrl-C, the end of a job, a closed terminal, and Slurm's warning before its time limit (`--signal=USR1@120`). */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;

/** Milliseconds in which a signal is the first one told again: `timeout`, npm and a terminal send it to a group and its head. */
const ECHO = 500;

/** Listens for signals: the first is noted, for the work to end in order; a second one ends the process at once. */
export class Interruption {
  readonly #abort = new AbortController();
  #since = 0;
  readonly #notice: string;
  readonly #remedy: string;
  readonly #listen = (signal: NodeJS.Signals) => {
    if (this.#abort.signal.aborted) {
      if (performance.now() - this.#since > ECHO) process.exit(signalExitCode(signal));
      return;
    }
    this.#since = performance.now();
    console.error(`${signal}: ${this.#notice} (a second signal ends at once).`);
    this.#abort.abort(new StoppedError(signal, this.#remedy));
  };

  /**
   * @param notice what happens now, e.g. `the current step ends and a checkpoint is written`
   * @param remedy how to go on afterwards, e.g. `give the same command again.`
   */
  constructor(notice: string, remedy: string) {
    this.#notice = notice;
    this.#remedy = remedy;
    for (const signal of SIGNALS) process.on(signal, this.#listen);
  }

  /** Aborted by the first signal; its reason is a {@link StoppedError}. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** Lets a signal in, which a computation on the main thread keeps out; true where one came. */
  async requested(): Promise<boolean> {
    await turn();
    return this.abort.aborted;
  }

  /**
   * Lets a signal in.
   * @throws StoppedError where one came
   */
  async check(): Promise<void> {
    await turn();
    this.abort.throwIfAborted();
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listen);
  }
}

/** Does work while signals are listened for; for the parameters see {@link Interruption}. */
export async function interruptible<T>(
  notice: string,
  remedy: string,
  work: (interruption: Interruption) => Promise<T>,
): Promise<T> {
  const interruption = new Interruption(notice, remedy);
  try {
    return await work(interruption);
  } finally {
    interruption.dispose();
  }
}
