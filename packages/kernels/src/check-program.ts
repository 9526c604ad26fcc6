import { ArgumentReader } from './argument-reader.js';
import type { Kernels } from './kernels.js';
import { KernelsError } from './kernels-error.js';
import { operationRanges } from './operations.js';
import { shown } from './shown.js';

/** Opcode and number of words. */
const HEADER = 2;

/**
 * Checks that the words form a program that stays inside an arena.
 * @param floats the arena's size
 * @throws KernelsError if they do not, or if it leaves the arena, naming the instruction by its place in the program
 */
export function checkProgram(program: Int32Array, floats: number, kernels: Kernels): void {
  let count = 0;
  for (let at = 0; at < program.length; count++) {
    const opcode = program[at]!;
    const words = program[at + 1] ?? 0;
    const ranges = operationRanges[opcode];
    if (!ranges) throw new KernelsError(`Instruction ${count} has an unknown code: ${opcode}.`);
    if (words < HEADER || at + words > program.length) throw new KernelsError(`Instruction ${count} is cut off.`);
    const reader = new ArgumentReader(program.subarray(at + HEADER, at + words));
    for (const { what, offset, length } of ranges(reader, kernels)) {
      if (offset < 0 || offset + length <= floats) continue;
      throw new KernelsError(`Instruction ${count}: ${what} lies outside the arena of ${floats} floats.`);
    }
    reader.end();
    at += words;
  }
}

/** Whether a value is an Int32Array, of this realm or of another. */
const isInt32Array = (value: unknown): value is Int32Array =>
  ArrayBuffer.isView(value) && (value as Partial<Int32Array>)[Symbol.toStringTag] === 'Int32Array';

/**
 * Copies of programs, checked against an arena's size.
 * @throws KernelsError as {@link checkProgram} does, for a size that is not a whole number, and for what is not a list of Int32Array
 */
export function checkedPrograms(programs: readonly Int32Array[], floats: number, kernels: Kernels): Int32Array[] {
  if (!Number.isSafeInteger(floats) || floats < 0) {
    throw new KernelsError(`An arena cannot have ${shown(floats)} floats: give an integer of at least 0.`);
  }
  if (!Array.isArray(programs))
    throw new KernelsError(`The programs are ${shown(programs)}: give a list of Int32Array.`);
  const wrong = programs.findIndex((program) => !isInt32Array(program));
  if (wrong >= 0) {
    throw new KernelsError(
      `Program ${wrong} is ${shown(programs[wrong])}: give an Int32Array, e.g. Int32Array.from(words).`,
    );
  }
  const copies = programs.map((program) => program.slice());
  for (const program of copies) checkProgram(program, floats, kernels);
  return copies;
}
