import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The addon that keeps what is written to the standard error stream; a setup builds it beside the binding. */
export const STDERR_GUARD = 'stderr_guard.node';

interface StderrGuard {
  begin(): void;
  end(): string;
}

/**
 * What libtensorflow says of itself while it loads, whatever its log level: that its log has not begun, and absl's lines of
 * severity INFO (oneDNN, the processor's features), which may go on in a second line.
 */
const EXPECTED = [
  /^WARNING: All log messages before absl::InitializeLog\(\)/,
  /^I\d{4} \S+ +\d+ \S+\.cc:\d+\]/,
  /^To enable the following instructions: /,
];

/** What is left of a library's text: lines that are none of those that libtensorflow always writes. */
export function unexpectedLines(text: string): string {
  const lines = text.split('\n').filter((line) => line && !EXPECTED.some((expected) => expected.test(line)));
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Loads an addon without the lines that libtensorflow writes to the standard error stream meanwhile; all others are written
 * after it has loaded, or failed to.
 * @param require of the addon's package
 * @param file the addon; without a guard beside it (a package's own download, which obeys its log level) it is just loaded
 */
export function loadQuietly(require: NodeJS.Require, file: string): unknown {
  const guardFile = join(dirname(file), STDERR_GUARD);
  if (!existsSync(guardFile)) return require(file);
  const guard = require(guardFile) as StderrGuard;
  guard.begin();
  try {
    return require(file);
  } finally {
    const left = unexpectedLines(guard.end());
    if (left) process.stderr.write(left);
  }
}
