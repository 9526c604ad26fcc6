import type { Activation } from '@nem/core';
import { activationForms } from '../kernels/formulas.js';
import { biasOnce, type Form, inVectors, reading } from '../kernels/operand.js';
import { type Product, product } from '../kernels/product.js';

/** Rows times a matrix among the parameters. */
interface MatrixSpec {
  readonly name: string;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Where the matrix is among the parameters: [inputs, outputs], or [outputs, inputs] where it is `transposed`. */
  readonly at: number;
  readonly transposed?: boolean;
  /** Where the outputs' bias is among the parameters. Default: there is none. */
  readonly biasAt?: number;
  /** Default linear. */
  readonly activation?: Activation;
  readonly float16?: boolean;
  /** Into how many parts the result may be cut, one after the other; without an activation. Default 1. */
  readonly mostParts?: number;
}

/** out = activation(x W + b). Bindings: x [rows, inputs], the parameters, out [parts, rows, outputs], whose sum is the value. */
export function matrixProduct(spec: MatrixSpec): Product<'x' | 'parameters' | 'out'> {
  const { name, rows, inputs, outputs, transposed = false, activation = 'linear', float16, mostParts } = spec;
  const [leftVector, rightVector] = [inVectors(inputs), inVectors(transposed ? inputs : outputs)];
  const vector = inVectors(outputs);
  return product({
    name,
    bindings: { x: reading(leftVector), parameters: reading(rightVector || vector), out: 'read_write' },
    m: rows,
    n: outputs,
    k: inputs,
    float16,
    mostParts,
    left: {
      alongInner: true,
      vector: leftVector,
      body: ({ suffix }) => `return x${suffix}(row * ${inputs}u + inner);`,
    },
    right: {
      alongInner: transposed,
      vector: rightVector,
      body: ({ suffix }) => `return parameters${suffix}(${spec.at}u + ${elementPlace(spec)});`,
    },
    result: {
      bindings: ['out'],
      vector,
      body: (form) =>
        `set_out${form.suffix}((part * ${rows}u + row) * ${outputs}u + column, activate${form.suffix}(value${bias(spec, form)}));`,
    },
    code: activationForms(activation, vector),
  });
}

/** WGSL: index of the matrix's element [inner, column]. */
const elementPlace = ({ inputs, outputs, transposed = false }: MatrixSpec) =>
  transposed ? `column * ${inputs}u + inner` : `inner * ${outputs}u + column`;

/** WGSL: adds the bias, where there is one. */
const bias = ({ biasAt }: MatrixSpec, form: Form) => (biasAt === undefined ? '' : ` + ${biasOnce(biasAt, form)}`);
