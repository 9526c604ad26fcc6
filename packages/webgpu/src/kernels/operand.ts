import { type Access, VECTOR } from '../plan/kernel.js';

/** A form of a function: of one element, or of the four from there on. */
export interface Form {
  /** Ends the name of the function and of what it calls. */
  readonly suffix: '' | '4';
  /** What it gives. */
  readonly type: 'f32' | 'vec4f';
}

/** A side of a product as a function of its indices. */
export interface Operand {
  /** Whether neighbours along the inner dimension stand beside each other in memory, or those along the rows or columns. */
  readonly alongInner: boolean;
  /** Whether each row of such neighbours is whole vectors, so that `body` has a form of four. Default false. */
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
  /** Whether its rows are whole vectors, so that `body` has a form of four. Default false. */
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

/** WGSL: a bias among the parameters from `at` on, which counts in the first part of a product alone. */
export const biasOnce = (at: number, { suffix, type }: Form): string =>
  `select(${type}(0.0), parameters${suffix}(${at}u + column), part == 0u)`;

/** Whether rows of each length, one after the other, are whole vectors. */
export const inVectors = (...lengths: readonly number[]): boolean => lengths.every((length) => length % VECTOR === 0);

/** How a buffer is bound whose rows are read four elements at a time where `vector`. */
export const reading = (vector: boolean): Access => (vector ? 'read vec4' : 'read');
/** The same where they are written too. */
export const writing = (vector: boolean): Access => (vector ? 'read_write vec4' : 'read_write');
