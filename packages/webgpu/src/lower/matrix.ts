import type { Activation } from '@nem/core/spec';
import { activationCode } from '../kernels/activation.js';
import { inVectors, reading } from '../kernels/operand.js';
import { type Product, product } from '../kernels/product.js';

/** Rows times a matrix among the parameters. */
export interface MatrixSpec {
  readonly name: string;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Where the matrix stands: [inputs, outputs], or [outputs, inputs] where it is `transposed`. */
  readonly at: number;
  readonly transposed?: boolean;
  /** Where a bias of the outputs stands. Default: none. */
  readonly biasAt?: number;
  /** Default linear. */
  readonly activation?: Activation;
  readonly float16?: boolean;
  /** Into how many parts the result may be cut, one after the other; without an activation. Default 1. */
  readonly mostParts?: number;
}

/** out = activation(x W + b). Buffers: x [rows, inputs], the parameters, out [parts, rows, outputs], whose sum counts. */
export function matrixProduct(spec: MatrixSpec): Product {
  const {
    name,
    rows,
    inputs,
    outputs,
    at,
    transposed = false,
    biasAt,
    activation = 'linear',
    float16,
    mostParts,
  } = spec;
  const [leftVector, rightVector] = [inVectors(inputs), inVectors(transposed ? inputs : outputs)];
  const place = transposed ? `column * ${inputs}u + inner` : `inner * ${outputs}u + column`;
  const bias = biasAt === undefined ? '' : ` + select(0.0, parameters(${biasAt}u + column), part == 0u)`;
  return product({
    name,
    buffers: { x: reading(leftVector), parameters: reading(rightVector), out: 'read_write' },
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
      body: ({ suffix }) => `return parameters${suffix}(${at}u + ${place});`,
    },
    code: `${activationCode(activation)}
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out((part * ${rows}u + row) * ${outputs}u + column, activate(value${bias})); }`,
  });
}
