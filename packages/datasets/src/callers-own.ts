/** An error of a function that the caller has given, which says nothing of what is read or written. */
export class CallersError {
  constructor(readonly error: unknown) {}
}

/**
 * Calls a function that the caller has given.
 * @throws CallersError with what it throws, to be passed on
 */
export function callersOwn<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new CallersError(error);
  }
}
