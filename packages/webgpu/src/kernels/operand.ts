import { type Access, VECTOR } from '../plan/kernel.js';

/** A form of a WGSL function: it handles one element, or four elements from an index on. */
export interface Form {
  /** The end of the function's name and of the names that it calls. */
  readonly suffix: '' | '4';
  /** The type of what it returns. */
  readonly type: 'f32' | 'vec4f';
}

/** A side of a product as a function of its indices. */
export interface Operand {
  /** Whether memory runs along the inner dimension; otherwise it runs along the rows (left side) or columns (right side). */
  readonly alongInner: boolean;
  /** Whether each run of neighbours in memory consists of whole vectors, so that `body` has a form for four elements. Default false. */
  readonly vector?: boolean;
  /** WGSL: the body of the function that gives one element, or the four neighbours from there on. */
  body(form: Form): string;
}

/** Where a product's results go, as a function of their indices. */
export interface Result<Binding extends string, Argument extends string = never> {
  /** The bindings that it is written to. */
  readonly bindings: readonly Binding[];
  /** The kernel's arguments, which `body` reads. Default: none. */
  readonly arguments?: readonly Argument[];
  /** Whether its rows consist of whole vectors, so that `body` has a form for four elements. Default false. */
  readonly vector?: boolean;
  /** WGSL: the body of the function that stores `value`, one element or the four neighbours along the columns from there on. */
  body(form: Form): string;
}

export const SCALAR: Form = { suffix: '', type: 'f32' };
export const FOUR: Form = { suffix: '4', type: 'vec4f' };

/** WGSL of a function in its scalar form and, where `vector`, in that of four elements too. */
export function inForms(vector: boolean, write: (form: Form) => string): string {
  return vector ? `${write(SCALAR)}\n${write(FOUR)}` : write(SCALAR);
}

/** WGSL: the bias at `at` among the parameters, in the first part of a product; 0 in other parts. */
export const biasOnce = (at: number, { suffix, type }: Form): string =>
  `select(${type}(0.0), parameters${suffix}(${at}u + column), part == 0u)`;

/** Whether rows of each of these lengths consist of whole vectors. */
export const inVectors = (...lengths: readonly number[]): boolean => lengths.every((length) => length % VECTOR === 0);

/** The access of a buffer that is read, four elements at a time if `vector`. */
export const reading = (vector: boolean): Access => (vector ? 'read vec4' : 'read');
/** The access of a buffer that is also written, four elements at a time if `vector`. */
export const writing = (vector: boolean): Access => (vector ? 'read_write vec4' : 'read_write');
