import type { Activation } from '@nem/core';
import type { Slots, View } from '../plan/builder.js';

/** One step's buffers that a cell reads and writes. */
export interface CellSlots {
  /** γ ⊙ (x̃ − ψ), [rows, pixels] for each step. */
  readonly input: Slots;
  readonly psi: Slots;
  /** h or θ: slot t + 1 is that after step t. */
  readonly hidden: Slots;
}

/** The M-step as launches. */
export interface LoweredCell {
  /** Where the gradient by ψ is wanted: with the slope of `activation` in it. */
  incoming(step: number): { readonly view: View; readonly activation: Activation };
  forward(step: number): void;
  /** Goes back from {@link LoweredCell.incoming}; gives the gradient by the cell's input unless it is not wanted. */
  backward(step: number, wanted: boolean): View | undefined;
  finish(): void;
}
