import { type History, NO_HISTORY, type TrainCommand, type TrainEvent, type Watched } from './messages.js';
import type { TrainSettings } from './settings.js';

export type TrainStatus = 'looking' | 'none' | 'starting' | 'training' | 'paused' | 'failed';

/** What the page shows of a training. */
export interface TrainView {
  readonly status: TrainStatus;
  /** Those of the training that there is. */
  readonly settings?: TrainSettings;
  readonly updates: number;
  /** Of an update. */
  readonly milliseconds?: number;
  readonly history: History;
  readonly watched?: Watched;
  /** Updates that the browser's storage has. */
  readonly kept?: number;
  /** Why it does not have the newest ones, where that was tried. */
  readonly unkept: string;
  /** What the last command failed with, as a sentence. */
  readonly failure: string;
}

/** Before the worker has answered. */
export const LOOKING: TrainView = { status: 'looking', updates: 0, history: NO_HISTORY, unkept: '', failure: '' };

const FAILURES: Readonly<Record<TrainCommand['kind'], string>> = {
  open: 'What this browser keeps could not be read',
  start: 'The training could not go on',
  pause: 'The training could not be paused',
  forget: 'The training could not be removed from this browser',
  export: 'The weights could not be written',
  import: 'The file could not be loaded',
};

/** A training goes on whatever else fails. */
function statusAfterFailure({ status, settings }: TrainView, command: TrainCommand['kind']): TrainStatus {
  if (command === 'start') return settings ? 'paused' : 'failed';
  if (command === 'open') return settings ? 'paused' : 'none';
  return status;
}

type Opened = Extract<TrainEvent, { kind: 'opened' }>;

function opened(view: TrainView, { settings, updates, history, kept }: Opened): TrainView {
  if (!settings) return { ...LOOKING, status: 'none', failure: view.failure };
  const status = view.status === 'starting' ? 'starting' : 'paused';
  return { ...view, status, settings, updates, history, kept };
}

/** What is shown after the worker has told something. */
export function after(view: TrainView, event: Exclude<TrainEvent, { kind: 'exported' }>): TrainView {
  switch (event.kind) {
    case 'opened':
      return opened(view, event);
    case 'updated': {
      const status = view.status === 'starting' ? 'training' : view.status;
      return { ...view, status, updates: event.update, milliseconds: event.milliseconds };
    }
    case 'history':
      return { ...view, history: event.history };
    case 'watched':
      return { ...view, watched: event.watched };
    case 'paused':
      return { ...view, status: 'paused', updates: event.updates };
    case 'kept':
      return { ...view, kept: event.updates, unkept: '' };
    case 'unkept':
      return { ...view, unkept: event.message };
    case 'failed':
      return {
        ...view,
        status: statusAfterFailure(view, event.command),
        failure: `${FAILURES[event.command]}: ${event.message}`,
      };
    default:
      return event satisfies never;
  }
}
