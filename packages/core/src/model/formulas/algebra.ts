/**
 * The operations that the model's element-wise formulas are written in. A formula is a function of an algebra; an engine has an
 * instance of it and so makes its own copy of every formula: values ({@link numbers}), tensors, text of a shader.
 *
 * Operands are of the instance's type or plain numbers, at least one of them of the instance's type. Every operation rounds on
 * its own and in the order written, so that two instances of equal precision give equal bits.
 */
export interface Algebra<T> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  div(a: T | number, b: T | number): T;
  neg(a: T): T;
  square(a: T): T;
  exp(a: T): T;
  /** The natural logarithm. */
  log(a: T): T;
  min(a: T, b: number): T;
  /** `a`, but at least `low` and at most `high`. */
  clip(a: T, low: number, high: number): T;
  /** 1 where `low` ≤ a ≤ `high`, else 0. */
  within(a: T, low: number, high: number): T;
  /** 1 where a > 0, else 0. */
  positive(a: T): T;
  // Engines have instructions of their own for these four.
  /** 1 / (1 + exp(−a)). */
  sigmoid(a: T): T;
  tanh(a: T): T;
  /** max(a, 0). */
  relu(a: T): T;
  /** a where a > 0, else exp(a) − 1. */
  elu(a: T): T;
}
