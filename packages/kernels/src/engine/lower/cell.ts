import type { View } from '../../instructions/instruction.js';
import type { Slots } from './rows.js';

/** What a cell reads and writes. */
export interface CellSlots {
  /** γ ⊙ (x̃ − ψ), [steps, rows, pixels]. */
  readonly input: Slots;
  readonly psi: Slots;
  /** h or θ: slot t + 1 is that after step t. */
  readonly hidden: Slots;
}

/** The M-step as instructions. */
export interface LoweredCell {
  /**
   * Where the gradient with respect to ψ is expected, multiplied by the derivative of the activation of this number. It is there until
   * {@link LoweredCell.backward}.
   */
  incoming(step: number): { readonly view: View; readonly activation: number };
  forward(step: number): void;
  /**
   * Goes back from {@link LoweredCell.incoming}.
   * @param dx where the gradient with respect to the cell's input goes, if it is wanted
   */
  backward(step: number, dx: View | undefined): void;
  finish(): void;
}
