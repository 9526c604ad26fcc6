import { RunError } from '../errors.js';
import type { RunCommand } from '../reproduction/runs.js';
import { StoppedError } from '../stopped-error.js';
import { runProgram } from '../system/program.js';

/**
 * Runs the command in a process of its own: each starts with fresh memory, and one that dies takes no other with it. A
 * signal that aborts is passed on, so that it ends in order.
 */
export const runNem =
  (abort: AbortSignal): RunCommand =>
  async (args) => {
    try {
      const program = [process.argv[1] as string, ...args];
      const { status } = await runProgram(process.execPath, program, { abort, stdout: 'drop', stderr: 'show' });
      return status ?? 1;
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      throw new RunError(`nem ${args[0]} does not start: ${(error as Error).message}`);
    }
  };
