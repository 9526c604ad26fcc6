import type { Engine } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import type { TrainingEvents } from '../trainer/train.js';
import type { Checkpoint } from './checkpoint.js';
import type { RunConfig } from './run-config.js';
import type { RunFolder } from './run-folder.js';
import type { RunLock } from './run-lock.js';

/** A run that is to be trained: a new one, or one that goes on. */
export interface Job {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly lock: RunLock;
  readonly engine: Engine;
  /** The data, where they are a program's own. */
  readonly data?: Dataset;
  readonly checkpoint?: Checkpoint;
  readonly maxMinutes?: number;
  readonly checkpointMinutes?: number;
  /** The run to name where it is told how to go on. Default: `folder`'s. */
  readonly resumed?: RunFolder;
}

/** Shows the progress of one training. */
export interface ProgressView extends Pick<TrainingEvents, 'step' | 'epoch' | 'cutEpoch'> {
  /** Training has ended, in order or not. */
  end(): void;
}

/** Who is told how runs go, and may stop them. */
export interface Follower {
  /** Told a sentence on what happens. */
  tell(sentence: string): void;
  /** Asked between steps: true stops training at a checkpoint. */
  stop(): Promise<boolean>;
  /** Asked for at the start of each training, with its time limit. */
  view(maxMinutes: number | undefined): ProgressView;
}
