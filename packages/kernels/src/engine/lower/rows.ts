import type { View } from '../../instructions/instruction.js';
import { part } from '../plan/layout.js';
import type { Context, Part } from './context.js';

/** An array with rows of `size` floats for each step, [steps, rows, size]. */
export interface Slots {
  readonly view: View;
  readonly size: number;
  /** Rows of a step. */
  readonly rows: number;
}

/** Lays out [steps, rows, size]. */
export function allocateSlots({ builder, rows }: Context, steps: number, size: number): Slots {
  return { view: builder.layout.allocate(steps * rows * size), size, rows };
}

/** The rows of a part. */
export function slot({ view, size, rows }: Slots, { step, first, rows: count }: Part): View {
  return part(view, (step * rows + first) * size, count * size);
}

/**
 * A layer's output as the layer after it sees it. A kept output has a place for each step. A passing one exists only while it is
 * read; the backward half recomputes it.
 */
export interface Output {
  readonly size: number;
  /** Where the layer writes a part. */
  begin(part: Part): View;
  /** What has been written of a part, or of a part of it. */
  read(part: Part): View;
  /** Nobody will read it any more in this half. */
  end(): void;
  /** What has been written of a part in the forward half, for the backward half. It is there until {@link Output.end}. */
  again(part: Part): View;
}

/** An output that has a place for each step. */
export const keptOutput = (slots: Slots): Output => ({
  size: slots.size,
  begin: (at) => slot(slots, at),
  read: (at) => slot(slots, at),
  end: () => undefined,
  again: (at) => slot(slots, at),
});

const isSame = (a: Part, b: Part) => a.step === b.step && a.first === b.first && a.rows === b.rows;

/**
 * An output that is there only while it is read.
 * @param recompute emits what computes a part of it once more
 */
export function passingOutput(
  { builder: { layout } }: Context,
  size: number,
  recompute: (part: Part, to: View) => void,
): Output {
  let held: { readonly part: Part; readonly view: View } | undefined;
  const end = () => {
    if (held) layout.release(held.view);
    held = undefined;
  };
  const begin = (at: Part) => {
    end();
    held = { part: at, view: layout.allocate(at.rows * size) };
    return held.view;
  };
  return {
    size,
    begin,
    read({ first, rows }) {
      if (!held) throw new Error('an output is read that is not there');
      return part(held.view, (first - held.part.first) * size, rows * size);
    },
    end,
    again(at) {
      if (held && isSame(held.part, at)) return held.view;
      const view = begin(at);
      recompute(at, view);
      return view;
    },
  };
}
