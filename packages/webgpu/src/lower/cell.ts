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
  /** Where the gradient with respect to ψ is expected, multiplied by the derivative of `activation`. */
  incoming(step: number): { readonly view: View; readonly activation: Activation };
  forward(step: number): void;
  /** Goes back from {@link LoweredCell.incoming}. Gives the gradient with respect to the cell's input, or undefined if it is not wanted. */
  backward(step: number, wanted: boolean): View | undefined;
  finish(): void;
}
