import { constants } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

/** Ctrl-C, the end of a job, and Slurm's warning before its time limit (`--signal=USR1@120`). */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGUSR1'] as const;

/** What a shell has as exit code of a process that a signal ended. */
export const signalExitCode = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

/** Milliseconds in which a signal is the first one told again: `timeout`, npm and a terminal send it to a group and its head. */
const ECHO = 500;

/** Listens for signals: the first is noted, for the work to end in order; a second one ends the process at once. */
export class Interruption {
  #signal: NodeJS.Signals | undefined;
  #since = 0;
  readonly #notice: string;
  readonly #listen = (signal: NodeJS.Signals) => {
    if (this.#signal) {
      if (performance.now() - this.#since > ECHO) process.exit(signalExitCode(signal));
      return;
    }
    this.#signal = signal;
    this.#since = performance.now();
    console.error(`${signal}: ${this.#notice} (a second signal ends at once).`);
  };

  /** @param notice what happens now, e.g. `the current step ends and a checkpoint is written` */
  constructor(notice: string) {
    this.#notice = notice;
    for (const signal of SIGNALS) process.on(signal, this.#listen);
  }

  /** The signal that came. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal;
  }

  /** Lets a signal in, which a computation on the main thread keeps out; true where one came. */
  async requested(): Promise<boolean> {
    await turn();
    return this.#signal !== undefined;
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listen);
  }
}
