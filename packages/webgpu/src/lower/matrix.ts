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
}

/** out = activation(x W + b). Buffers: x [rows, inputs], the parameters, out [rows, outputs]. */
export function matrixProduct(spec: MatrixSpec): Product {
  const { name, rows, inputs, outputs, at, transposed = false, biasAt, activation = 'linear', float16 } = spec;
  const [leftVector, rightVector] = [inVectors(inputs), inVectors(transposed ? inputs : outputs)];
  const place = transposed ? `column * ${inputs}u + inner` : `inner * ${outputs}u + column`;
  const bias = biasAt === undefined ? '' : ` + parameters(${biasAt}u + column)`;
  return product({
    name,
    buffers: { x: reading(leftVector), parameters: reading(rightVector), out: 'read_write' },
    m: rows,
    n: outputs,
    k: inputs,
    float16,
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
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${outputs}u + column, activate(value${bias})); }`,
  });
}
