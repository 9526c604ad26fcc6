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
  /** A training that there is, or that there is none. */
  | { readonly kind: 'opened'; readonly settings?: TrainSettings; readonly updates: number; readonly history: History }
  | { readonly kind: 'updated'; readonly update: number; readonly loss: number; readonly milliseconds: number }
  | { readonly kind: 'history'; readonly history: History }
  | { readonly kind: 'watched'; readonly update: number; readonly watched: Watched }
  | { readonly kind: 'paused'; readonly updates: number }
  | { readonly kind: 'exported'; readonly bytes: Uint8Array<ArrayBuffer>; readonly updates: number }
  | { readonly kind: 'failed'; readonly message: string };
