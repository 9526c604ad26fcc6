import type { TrainSettings } from './settings.js';

/** A loss or a score after so many updates. */
export interface Point {
  readonly update: number;
  readonly value: number;
}

/** What has been seen of a training so far. */
export interface History {
  /** Mean training loss of every ten updates. */
  readonly losses: readonly Point[];
  /** Mean AMI (max) of the watched test images. */
  readonly scores: readonly Point[];
}

export const NO_HISTORY: History = { losses: [], scores: [] };

/** Test images that are watched, and who owns which of their pixels. */
export interface Watched {
  /** [images, pixels]. */
  readonly frames: Float32Array;
  /** [images, components, pixels]. */
  readonly gamma: Float32Array;
}

export type TrainCommand =
  /** Tells what is kept of an earlier visit. */
  | { readonly kind: 'open' }
  /** Goes on with the training there is; without one, or with settings, starts anew. */
  | { readonly kind: 'start'; readonly settings?: TrainSettings }
  | { readonly kind: 'pause' }
  /** Forgets the training, here and in the browser's storage. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'export' }
  | { readonly kind: 'import'; readonly bytes: Uint8Array; readonly settings: TrainSettings };

export type TrainEvent =
  /** A training that there is, or that there is none: also the answer to a start, before the first update. */
  | {
      readonly kind: 'opened';
      readonly settings?: TrainSettings;
      readonly updates: number;
      readonly history: History;
      /** Updates of it that the browser's storage has. */
      readonly kept?: number;
    }
  | { readonly kind: 'updated'; readonly update: number; readonly loss: number; readonly milliseconds: number }
  | { readonly kind: 'history'; readonly history: History }
  | { readonly kind: 'watched'; readonly update: number; readonly watched: Watched }
  | { readonly kind: 'paused'; readonly updates: number }
  /** The training is in the browser's storage after so many updates. */
  | { readonly kind: 'kept'; readonly updates: number }
  /** It could not be put there. It goes on all the same. */
  | { readonly kind: 'unkept'; readonly message: string }
  | { readonly kind: 'exported'; readonly bytes: Uint8Array<ArrayBuffer>; readonly updates: number }
  /** A command failed. That ends a training only where it is the start of it. */
  | { readonly kind: 'failed'; readonly command: TrainCommand['kind']; readonly message: string };
