import type { View } from '../../instructions/instruction.js';

/** Arrays start at whole cache lines, of so many floats. */
const LINE = 16;

/** Free floats from `at` to `end` − 1. */
interface Gap {
  readonly at: number;
  readonly end: number;
}

/**
 * Lays arrays out in an arena. An array that is released leaves its place to later ones, so that arrays whose lifetimes do not
 * meet share memory: a program's instructions run in the order in which they are emitted.
 */
export class Layout {
  #gaps: Gap[] = [];
  #end = 0;

  /** Floats of the arena so far. */
  get floats(): number {
    return this.#end;
  }

  /** An array in the first gap that has room for it, or behind all others. */
  allocate(length: number): View {
    const room = Math.ceil(length / LINE) * LINE;
    const index = this.#gaps.findIndex(({ at, end }) => end - at >= room);
    if (index < 0) {
      const at = this.#startOfEnd();
      this.#end = at + room;
      return { at, length };
    }
    const { at, end } = this.#gaps[index]!;
    this.#gaps.splice(index, 1, ...(end - at > room ? [{ at: at + room, end }] : []));
    return { at, length };
  }

  /** Gives back what {@link allocate} gave. */
  release({ at, length }: View): void {
    const end = at + Math.ceil(length / LINE) * LINE;
    const before = this.#gaps.filter((gap) => gap.end <= at);
    const after = this.#gaps.filter((gap) => gap.at >= end);
    const left = before.at(-1)?.end === at ? before.pop() : undefined;
    const right = after[0]?.at === end ? after.shift() : undefined;
    this.#gaps = [...before, { at: left?.at ?? at, end: right?.end ?? end }, ...after];
  }

  /** Where an array behind all others starts: in the last gap, where that one reaches to the end. */
  #startOfEnd(): number {
    const last = this.#gaps.at(-1);
    if (last?.end !== this.#end) return this.#end;
    this.#gaps.pop();
    return last.at;
  }
}

/** A part of an array. */
export function part({ at, length }: View, first: number, count: number): View {
  if (first + count > length) throw new RangeError(`a part ends at ${first + count} of ${length} floats`);
  return { at: at + first, length: count };
}
