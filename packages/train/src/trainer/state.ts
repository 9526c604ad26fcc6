import type { Engine, NamedArrays, OptimizerState } from '@nem/core';

/** Where training stands. All randomness is a pure function of (seed, purpose, these counters), so they are its state too. */
export interface TrainingState {
  /** The epoch in progress, counted from 1. */
  readonly epoch: number;
  /** Updates done in it. */
  readonly step: number;
  /** Updates done since the start of training. */
  readonly update: number;
  /** Sum of the losses of this epoch's updates. */
  readonly lossSum: number;
  /** Lowest validation loss (infinite before the first) and its epoch: what early stopping looks at. */
  readonly best: { readonly loss: number; readonly epoch: number };
  /** Present once training has ended for good. */
  readonly ending?: 'early stopping' | 'last epoch';
}

/** Before the first update. */
export const START: TrainingState = {
  epoch: 1,
  step: 0,
  update: 0,
  lossSum: 0,
  best: { loss: Number.POSITIVE_INFINITY, epoch: 0 },
};

/** `state` so many updates on in the same epoch; `lossSum` does not include their losses yet. */
export const later = (state: TrainingState, updates: number): TrainingState => ({
  ...state,
  step: state.step + updates,
  update: state.update + updates,
});

/** Weights and optimizer state of one moment. */
export interface Weights {
  readonly parameters: NamedArrays;
  readonly optimizer: OptimizerState;
}

/**
 * Copies of an engine's weights and optimizer state.
 * @param out an earlier call's copies, no longer needed, whose memory may be used
 */
export async function readWeights(engine: Engine, out?: Weights): Promise<Weights> {
  const parameters = await engine.parameters(out?.parameters);
  return { parameters, optimizer: await engine.optimizerState(out?.optimizer) };
}

/** @throws NetworkError where they are not the network's */
export function writeWeights(engine: Engine, { parameters, optimizer }: Weights): void {
  engine.setParameters(parameters);
  engine.setOptimizerState(optimizer);
}
