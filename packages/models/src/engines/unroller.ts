import type { EmStep, ModelDescription, NamedArrays } from '@nem/core';

/** Steps of a batch from its start. */
export interface Unrolling {
  readonly components: number;
  readonly steps: number;
  readonly batch: number;
  /** Clean frames, [steps + 1 or 1, batch, pixels]. */
  readonly frames: Float32Array;
  /** x̃, [steps, batch, pixels]. */
  readonly corrupted: Float32Array;
  /** [batch, components, pixels]. */
  readonly gamma0: Float32Array;
  /** Which steps are kept. */
  readonly keep: 'last' | 'all';
}

/** What was kept of the steps. */
export interface Unrolled {
  /** [kept steps, batch, components, pixels]. */
  readonly gamma: Float32Array;
  /** ψ, as γ. */
  readonly predictions: Float32Array;
  /** [kept steps, batch, components, M]. */
  readonly hidden: Float32Array;
}

/** A trained network that an engine unrolls. */
export interface Unroller {
  /** The engine's name. */
  readonly name: string;
  unroll(unrolling: Unrolling): Promise<Unrolled>;
  /** The network as a function of one step, for frames that come one by one; absent where the engine knows whole sequences alone. */
  step?(): EmStep;
  /** Frees what the engine holds. */
  dispose(): void;
}

/** Has an engine unroll a network. */
export type MakeUnroller = (description: ModelDescription, parameters: NamedArrays) => Unroller;

/** An engine that may be there. Its packages are loaded when it is asked for, not before. */
export interface EngineDefinition {
  /** What it needs, e.g. `npm install @nem/webgpu webgpu`. */
  readonly needs: string;
  /** Whether `auto` may take it: it starts at once, for one image too. */
  readonly startsQuickly: boolean;
  /** Loads it; undefined where its packages are not installed or it cannot run here. */
  load(): Promise<MakeUnroller | undefined>;
}
