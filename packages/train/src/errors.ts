import { constants } from 'node:os';
import { CodedError } from '@nem/core';

/** Exit codes of the command `nem`; a signal's is 128 + its number, as shells have it. */
export const EXIT_CODES = {
  /** Anything that has no code of its own. */
  failure: 1,
  /** A wrong command, option or value. */
  usage: 2,
  /** The disk, or the user's share of it, is full. */
  diskFull: 3,
  /** A folder or file may not be written to. */
  notWritable: 4,
  /** A worker thread of the engine ended. */
  workerLost: 5,
  /** The engine's device (GPU) was lost. */
  deviceLost: 6,
  /** A loss, gradient or parameter is NaN or infinite. */
  notFinite: 7,
  /** Another process works on the run folder. */
  inUse: 8,
} as const;

/** A wrong command, option or value: the command ends with exit code 2. */
export class UsageError extends CodedError {
  static override readonly code = 'NEM_USAGE';
  override readonly name = 'UsageError';
}

/** A run that cannot go on or a file that cannot be used; the message is one sentence. */
export class RunError extends CodedError {
  static override readonly code: string = 'NEM_RUN';
  override readonly name: string = 'RunError';

  /** @param exitCode of the command, see {@link EXIT_CODES}. Default 1 */
  constructor(
    message: string,
    readonly exitCode: number = EXIT_CODES.failure,
  ) {
    super(message);
  }
}

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
    super(`stopped by ${signal}: ${remedy}`, signalExitCode(signal));
  }
}

/** What can happen to an engine while it computes. */
export type EngineFault = 'workerLost' | 'deviceLost';

/**
 * An engine that cannot compute any more: its worker thread ended or its device was lost. Its parameters and optimizer
 * state are gone; a run goes on from its last checkpoint.
 */
export class EngineError extends RunError {
  static override readonly code = 'NEM_RUN_ENGINE';
  override readonly name = 'EngineError';

  /** @param message what happened, without a remedy and a full stop, e.g. `worker thread 2 ended with exit code 1` */
  constructor(
    readonly fault: EngineFault,
    message: string,
  ) {
    super(message, EXIT_CODES[fault]);
  }
}

/** An error of an engine as a sentence with its remedy, e.g. `run the command again`; any other error as it is. */
export function withRemedy(error: unknown, remedy: string): unknown {
  return error instanceof EngineError ? new RunError(`${error.message}: ${remedy}`, error.exitCode) : error;
}
