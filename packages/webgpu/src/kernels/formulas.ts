/**
 * The model's element-wise formulas as WGSL functions. @nem/core has each formula once, as a function of an algebra; here is the instance of that
 * algebra that writes WGSL. An operation becomes a statement and its value a name: so a value that a formula uses twice is computed once.
 */

import {
  type Activation,
  type Algebra,
  activationFunctions,
  type MixtureSpec,
  NetworkError,
  pixelDistribution,
} from '@nem/core';
import { float } from '../plan/kernel.js';
import { entryOf } from '../table.js';
import { type Form, inForms, SCALAR } from './operand.js';

/** A value in WGSL: the name of a variable or a parameter. */
type Name = string;

/** An instance of the algebra that writes one WGSL function; operands are numbers or names of the type f32 or vec4f. */
class Statements implements Algebra<Name> {
  readonly #type: Form['type'];
  readonly #lines: string[] = [];

  constructor(type: Form['type']) {
    this.#type = type;
  }

  /** The statements so far, and the one that gives `result`. */
  returning(result: Name): string {
    return [...this.#lines, `return ${result};`].map((line) => `  ${line}\n`).join('');
  }

  add(a: Name | number, b: Name | number): Name {
    return this.#let(`${operand(a)} + ${operand(b)}`);
  }

  sub(a: Name | number, b: Name | number): Name {
    return this.#let(`${operand(a)} - ${operand(b)}`);
  }

  mul(a: Name | number, b: Name | number): Name {
    return this.#let(`${operand(a)} * ${operand(b)}`);
  }

  div(a: Name | number, b: Name | number): Name {
    return this.#let(`${operand(a)} / ${operand(b)}`);
  }

  neg(a: Name): Name {
    return this.#let(`-${a}`);
  }

  square(a: Name): Name {
    return this.#let(`${a} * ${a}`);
  }

  exp(a: Name): Name {
    return this.#let(`exp(${a})`);
  }

  log(a: Name): Name {
    return this.#let(`log(${a})`);
  }

  min(a: Name, b: number): Name {
    return this.#let(`min(${a}, ${this.#constant(b)})`);
  }

  clip(a: Name, low: number, high: number): Name {
    return this.#let(`clamp(${a}, ${this.#constant(low)}, ${this.#constant(high)})`);
  }

  within(a: Name, low: number, high: number): Name {
    return this.#where(`(${a} >= ${this.#constant(low)}) & (${a} <= ${this.#constant(high)})`, 1, 0);
  }

  positive(a: Name): Name {
    return this.#where(`${a} > ${this.#constant(0)}`, 1, 0);
  }

  sigmoid(a: Name): Name {
    return this.#let(`1.0 / (1.0 + exp(-${a}))`);
  }

  tanh(a: Name): Name {
    // Some drivers' tanh overflows; beyond 15 it is ±1 in float32.
    return this.#let(`tanh(clamp(${a}, ${this.#constant(-15)}, ${this.#constant(15)}))`);
  }

  relu(a: Name): Name {
    return this.#let(`max(${a}, ${this.#constant(0)})`);
  }

  elu(a: Name): Name {
    return this.#let(`select(exp(${a}) - 1.0, ${a}, ${a} > ${this.#constant(0)})`);
  }

  #let(expression: string): Name {
    const name = `v${this.#lines.length}`;
    this.#lines.push(`let ${name} = ${expression};`);
    return name;
  }

  #where(condition: string, yes: number, no: number): Name {
    return this.#let(`select(${this.#constant(no)}, ${this.#constant(yes)}, ${condition})`);
  }

  /** A number of the operands' type, where WGSL does not widen it by itself. */
  #constant(value: number): string {
    return this.#type === 'f32' ? float(value) : `${this.#type}(${float(value)})`;
  }
}

const operand = (a: Name | number): string => (typeof a === 'number' ? float(a) : a);

/**
 * WGSL: the function `name` of its parameters, in one form.
 * @param formula gives the function's value from the algebra and the parameters' names
 */
function functionCode(
  name: string,
  parameters: readonly Name[],
  formula: (algebra: Algebra<Name>, ...parameters: Name[]) => Name,
  { suffix, type }: Form = SCALAR,
): string {
  const statements = new Statements(type);
  const declared = parameters.map((parameter) => `${parameter}: ${type}`).join(', ');
  const result = formula(statements, ...parameters);
  return `fn ${name}${suffix}(${declared}) -> ${type} {\n${statements.returning(result)}}`;
}

/**
 * WGSL: `activate(x)`, and its derivative `slope(y)` as a function of its value; `activate4` and `slope4` of vectors.
 * @throws NetworkError for an unknown activation
 */
export function activationCode(activation: Activation, form: Form = SCALAR): string {
  const unknown = (known: string) => new NetworkError(`unknown activation '${activation}': use ${known}.`);
  const { value, slope } = entryOf(activationFunctions, activation, unknown);
  const derivative = slope ?? (() => `${form.type}(1.0)`);
  return `${functionCode('activate', ['x'], value, form)}\n${functionCode('slope', ['y'], derivative, form)}`;
}

/** WGSL: {@link activationCode} of numbers and, where `vector`, of vectors too. */
export const activationForms = (activation: Activation, vector: boolean): string =>
  inForms(vector, (form) => activationCode(activation, form));

/**
 * WGSL: the functions of a pixel distribution, `likelihood(x, psi)`, `nll(x, psi)` and `divergence(psi)`, and their derivatives with respect to
 * ψ, `likelihood_slope`, `nll_slope` and `divergence_slope`.
 * @throws RangeError for an unknown distribution or parameters out of range
 */
export function distributionCode(mixture: MixtureSpec): string {
  const formulas = pixelDistribution(mixture);
  const both = ['x', 'psi'];
  return [
    functionCode('likelihood', both, formulas.likelihood),
    functionCode('likelihood_slope', both, (algebra, x, psi) =>
      formulas.likelihoodSlope(algebra, x, psi, 'likelihood(x, psi)'),
    ),
    functionCode('nll', both, formulas.negativeLogLikelihood),
    functionCode('nll_slope', both, formulas.negativeLogLikelihoodSlope),
    functionCode('divergence', ['psi'], formulas.divergence),
    functionCode('divergence_slope', ['psi'], formulas.divergenceSlope),
  ].join('\n');
}
