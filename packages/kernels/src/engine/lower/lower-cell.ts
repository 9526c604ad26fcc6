import type { NetworkShape } from '@nem/core';
import type { CellSlots, LoweredCell } from './cell.js';
import type { Context } from './context.js';
import { lowerNem } from './n-em.js';
import { lowerRnnEm } from './rnn-em.js';

type NetworkType = NetworkShape['type'];
type ShapeOf<Type extends NetworkType> = Extract<NetworkShape, { readonly type: Type }>;

/** The M-step of every network type. */
const CELLS: {
  readonly [Type in NetworkType]: (context: Context, shape: ShapeOf<Type>, slots: CellSlots) => LoweredCell;
} = { 'n-em': lowerNem, 'rnn-em': lowerRnnEm };

/** Lowers the M-step of a network. */
export const lowerCell = <Type extends NetworkType>(
  context: Context,
  shape: ShapeOf<Type>,
  slots: CellSlots,
): LoweredCell => CELLS[shape.type as Type](context, shape, slots);
