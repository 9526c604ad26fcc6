import { constants } from 'node:os';
import { RunError } from './errors.js';

/** What a shell has as exit code of a process that a signal ended. */
export const signalExitCode = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

/** A signal came, and the work has ended in order. */
export class StoppedError extends RunError {
  static override readonly code = 'NEM_RUN_STOPPED';
  override readonly name = 'StoppedError';

  /** @param remedy how to go on, e.g. `give the same command again` */
  constructor(
    readonly signal: NodeJS.Signals,
    remedy: string,
  ) {
    super(`stopped by ${signal}`, remedy, { exitCode: signalExitCode(signal) });
  }
}
