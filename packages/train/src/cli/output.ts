import { EXIT_CODES } from '../errors.js';
import { errorCode, writeError } from '../system/files.js';

/** What a write fails with once nobody reads any more: the reader of a pipe has ended, the terminal is closed. */
const NOBODY_READS: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

let full: Error | undefined;

/**
 * Lets the work go on where what it prints cannot be written. A reader that has gone away, as `head` does, ends printing quietly;
 * a standard output that is full or broken is told at the end, with an exit code. A standard error stream that fails has nobody
 * to be told.
 */
export function guardOutput(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (!NOBODY_READS.has(errorCode(error))) full ??= error;
  });
  process.on('exit', () => {
    if (!full) return;
    const { message, exitCode } = writeError('the standard output', full);
    console.error(message);
    if ((process.exitCode ?? 0) === 0) process.exitCode = exitCode || EXIT_CODES.failure;
  });
}
