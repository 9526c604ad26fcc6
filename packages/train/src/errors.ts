/** A wrong command, option or value: the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A run that cannot go on or a file that cannot be used: the command ends with exit code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}
