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

/** What is to be done about an error, where a program has a command of its own for it. */
export type Action =
  | { readonly type: 'setUpEngine'; readonly engine: string }
  | { readonly type: 'trainElsewhere' }
  | { readonly type: 'writeElsewhere' }
  /** An option of the call that failed, perhaps with a value for it. */
  | { readonly type: 'option'; readonly name: string; readonly value?: string }
  /** A field of the experiment with a value, as `withSettings` takes it. */
  | { readonly type: 'set'; readonly setting: string }
  /** What follows a write that failed on a full disk. */
  | { readonly type: 'goOn' }
  | { readonly type: 'evaluateAgain' }
  | { readonly type: 'resumeRun'; readonly run: string }
  | { readonly type: 'listExperiments' };

/** A sentence or a part of one, or the pieces of it with actions among them. */
export type Words = string | readonly (string | Action)[];

/** What mends an error. */
export type Remedy = Words;

/** An option in the words of an error; with a value, what is to be given for it. */
export const option = (name: string, value?: string): Action => ({
  type: 'option',
  name,
  ...(value !== undefined && { value }),
});

/** A setting of the experiment in the words of an error, e.g. `steps=5`. */
export const setting = (text: string): Action => ({ type: 'set', setting: text });

/** Words for an action. */
type SayAction = (action: Action) => string;

/** For a caller of this library. */
function plainWords(action: Action): string {
  switch (action.type) {
    case 'setUpEngine':
      return `set the engine ${action.engine} up`;
    case 'trainElsewhere':
      return 'training in another folder';
    case 'writeElsewhere':
      return ', or write to another place';
    case 'option':
      return action.value === undefined ? `the option ${action.name}` : `the ${action.name} ${action.value}`;
    case 'set':
      return action.setting;
    case 'goOn':
      return '';
    case 'evaluateAgain':
      return 'evaluate the run again';
    case 'resumeRun':
      return `the run in ${action.run}`;
    case 'listExperiments':
      return 'the list of experiments';
    default:
      return action satisfies never;
  }
}

/** A remedy, or other words, as text. */
export const remedyText = (words: Words, say: SayAction = plainWords): string =>
  typeof words === 'string' ? words : words.map((part) => (typeof part === 'string' ? part : say(part))).join('');

/** How what happened and its remedy are put together, where not by a colon. */
interface Sentence {
  /** What stands between them. Default `: ` */
  readonly joint?: string;
}

/** An error that knows what happened apart from what mends it; its message is both, as one sentence. */
export class ExplainedError extends CodedError {
  /** What happened. */
  readonly reason: string;
  readonly #words: readonly Words[];

  /**
   * @param reason what happened; without a full stop where a remedy follows
   * @param remedy what mends it, with the sentence's full stop; absent where nothing is known to
   */
  constructor(
    reason: Words,
    readonly remedy?: Remedy,
    { joint = ': ' }: Sentence = {},
  ) {
    const words = remedy === undefined ? [reason] : [reason, joint, remedy];
    super(words.map((part) => remedyText(part)).join(''));
    this.reason = remedyText(reason);
    this.#words = words;
  }

  /** The message with a program's own words for actions. */
  sentence(say: SayAction): string {
    return this.#words.map((part) => remedyText(part, say)).join('');
  }
}

/** A wrong command, option or value: the command ends with exit code 2. */
export class UsageError extends ExplainedError {
  static override readonly code = 'NEM_USAGE';
  override readonly name = 'UsageError';
}

/** A run that cannot go on or a file that cannot be used. */
export class RunError extends ExplainedError {
  static override readonly code: string = 'NEM_RUN';
  override readonly name: string = 'RunError';
  /** Of the command, see {@link EXIT_CODES}. */
  readonly exitCode: number;

  /** @param options `exitCode` of the command, see {@link EXIT_CODES}; default 1 */
  constructor(
    reason: Words,
    remedy?: Remedy,
    { exitCode = EXIT_CODES.failure, ...sentence }: Sentence & { readonly exitCode?: number } = {},
  ) {
    super(reason, remedy, sentence);
    this.exitCode = exitCode;
  }
}

/** What can happen to an engine while it computes. */
export type EngineFault = 'workerLost' | 'deviceLost';

/**
 * An engine that cannot compute any more: its worker thread ended or its device was lost. Its parameters and optimizer
 * state are gone; a run goes on from its last checkpoint. What mends it depends on what it was used for, see {@link withRemedy}.
 */
export class EngineError extends RunError {
  static override readonly code = 'NEM_RUN_ENGINE';
  override readonly name = 'EngineError';

  /** @param reason what happened, e.g. `worker thread 2 ended with exit code 1` */
  constructor(
    readonly fault: EngineFault,
    reason: string,
  ) {
    super(reason, undefined, { exitCode: EXIT_CODES[fault] });
  }
}

/** An error of an engine with its remedy, e.g. `run the command again.`; any other error as it is. */
export function withRemedy(error: unknown, remedy: Remedy): unknown {
  return error instanceof EngineError ? new RunError(error.reason, remedy, { exitCode: error.exitCode }) : error;
}
