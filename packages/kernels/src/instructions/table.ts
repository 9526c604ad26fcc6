import { activationGradient, applyActivation } from './activation.js';
import { fold, gather, scatter, unfold } from './convolution.js';
import type { Instruction } from './instruction.js';
import { copy, fill } from './memory.js';
import { eStep, lossGradient, maskedInput } from './mixture.js';
import { nemUpdate, nemUpdateGradient } from './n-em.js';
import { normBackward, normForward, normOutput, standardize, standardizeGradient } from './norm.js';
import { adam, columnSums } from './sums.js';

const all = [
  fill,
  copy,
  scatter,
  fold,
  unfold,
  applyActivation,
  activationGradient,
  normForward,
  normOutput,
  normBackward,
  standardize,
  standardizeGradient,
  maskedInput,
  eStep,
  lossGradient,
  nemUpdate,
  nemUpdateGradient,
  columnSums,
  adam,
  gather,
] as unknown as readonly Instruction[];

/** Every instruction but the products, by its opcode. A new one: its struct and function in C, its file here, and these two lists. */
export const instructions: ReadonlyMap<number, Instruction> = new Map(all.map((each) => [each.opcode, each]));
