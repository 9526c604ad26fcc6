/**
 * An error that is recognised by its `code`. A program may hold two copies of a package, one by `import` and one by `require`:
 * their classes differ, their codes do not. `instanceof` goes by the code too, so that it holds across copies.
 */
export abstract class CodedError extends Error {
  /**
   * `NEM_` and what the error is; the code of a subclass begins with its parent's. A class without a code of its own is recognised
   * as other classes are.
   */
  static readonly code: string = 'NEM';
  /** The same text in every copy and version of the package. */
  readonly code: string;

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = new.target.code;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class to the right of `instanceof`, which may be a subclass.
    return hasCodeOf(this, value);
  }
}

/** Whether `value` has the code of a class or of one of its subclasses. */
function hasCodeOf(type: typeof CodedError, value: unknown): boolean {
  if (!Object.hasOwn(type, 'code')) return Function.prototype[Symbol.hasInstance].call(type, value);
  const code = (value as Partial<CodedError> | null | undefined)?.code;
  return typeof code === 'string' && `${code}_`.startsWith(`${type.code}_`);
}
