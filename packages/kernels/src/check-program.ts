import { ArgumentReader } from './argument-reader.js';
import type { Kernels } from './kernels.js';
import { KernelsError } from './kernels-error.js';
import { operationRanges } from './operations.js';

/** Opcode and number of words. */
const HEADER = 2;

/**
 * Whether a program is one, and touches nothing outside an arena.
 * @param floats the arena's size
 * @throws KernelsError where it is not or does, naming the operation by its place in the program
 */
export function checkProgram(program: Int32Array, floats: number, kernels: Kernels): void {
  let count = 0;
  for (let at = 0; at < program.length; count++) {
    const opcode = program[at]!;
    const words = program[at + 1] ?? 0;
    const ranges = operationRanges[opcode];
    if (!ranges) throw new KernelsError(`Operation ${count} has an unknown code: ${opcode}.`);
    if (words < HEADER || at + words > program.length) throw new KernelsError(`Operation ${count} is cut off.`);
    const reader = new ArgumentReader(program.subarray(at + HEADER, at + words));
    for (const { what, offset, length } of ranges(reader, kernels)) {
      if (offset < 0 || offset + length <= floats) continue;
      throw new KernelsError(`Operation ${count}: ${what} lies outside the arena of ${floats} floats.`);
    }
    reader.end();
    at += words;
  }
}

/**
 * Copies of programs, checked against an arena's size.
 * @throws KernelsError as {@link checkProgram} does, and for a size that is not a whole number
 */
export function checkedPrograms(programs: readonly Int32Array[], floats: number, kernels: Kernels): Int32Array[] {
  if (!Number.isSafeInteger(floats) || floats < 0) throw new KernelsError(`An arena cannot have ${floats} floats.`);
  const copies = programs.map((program) => program.slice());
  for (const program of copies) checkProgram(program, floats, kernels);
  return copies;
}
