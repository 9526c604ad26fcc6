/** The matrix products of the recurrent layer. `recurrent.ts` has its formulas, and says what the letters stand for. */

import type { RecurrentShape } from '@nem/core';
import { activationForms } from '../kernels/formulas.js';
import { biasOnce, type Form, inVectors, reading } from '../kernels/operand.js';
import { type Operands, product } from '../kernels/product.js';
import { type Slots, slot } from '../plan/builder.js';
import { MOST_SUMMED_PARTS } from './affine.js';
import { type Context, gradient } from './context.js';
import { weightGradient } from './sums.js';

/**
 * Operands of z = [x, h] W. The left one, [R, inputSize + size], reads x and h from their own buffers as if they stood side by side: so no
 * launch has to join them.
 */
function forwardOperands(context: Context, { spec, inputSize }: RecurrentShape, leftVector: boolean): Operands {
  const { size } = spec;
  const weightsAt = context.parameterAt('recurrent.weights');
  return {
    left: {
      alongInner: true,
      vector: leftVector,
      body: ({ suffix }) => `if (inner < ${inputSize}u) { return x${suffix}(row * ${inputSize}u + inner); }
  return h${suffix}(row * ${size}u + inner - ${inputSize}u);`,
    },
    right: {
      alongInner: false,
      vector: inVectors(size),
      body: ({ suffix }) => `return parameters${suffix}(${weightsAt}u + inner * ${size}u + column);`,
    },
  };
}

/** Sizes of z's product, and the WGSL functions that it calls. */
const forwardSize = ({ rows, float16 }: Context, { spec, inputSize }: RecurrentShape) => ({
  name: 'recurrent',
  m: rows,
  n: spec.size,
  k: inputSize + spec.size,
  float16,
  code: activationForms(spec.activation, inVectors(spec.size)),
});

/** WGSL: the bias of a column; where the product is cut into parts, it counts in the first one. */
const bias = (context: Context, form: Form) => biasOnce(context.parameterAt('recurrent.bias'), form);

/**
 * h′ = activation([x, h] W + b) [R, size], for a layer without a layer norm. h′ is written `to_next` elements after h, in the same buffer: WebGPU
 * lets a launch bind a buffer that it writes only once. So h is read one element at a time, and x with it.
 */
export function stateProduct(context: Context, shape: RecurrentShape) {
  const { size } = shape.spec;
  return product({
    ...forwardSize(context, shape),
    ...forwardOperands(context, shape, false),
    bindings: { x: 'read', h: 'read_write', parameters: reading(inVectors(size)) },
    mostParts: 1,
    result: {
      bindings: ['h'],
      arguments: ['to_next'],
      vector: false,
      body: (form) =>
        `set_h${form.suffix}(row * ${size}u + column + to_next(), activate${form.suffix}(value + ${bias(context, form)}));`,
    },
  });
}

/** z = [x, h] W + b, [parts, R, size], into a buffer of its own. The layer norm that follows reads all parts and sums them up. */
export function preNormProduct(context: Context, shape: RecurrentShape) {
  const { size } = shape.spec;
  const leftVector = inVectors(shape.inputSize, size);
  const rightVector = inVectors(size);
  const [left, right] = [reading(leftVector), reading(rightVector)];
  return product({
    ...forwardSize(context, shape),
    ...forwardOperands(context, shape, leftVector),
    bindings: { x: left, h: left, parameters: right, out: 'read_write' },
    mostParts: MOST_SUMMED_PARTS,
    result: {
      bindings: ['out'],
      vector: rightVector,
      body: (form) =>
        `set_out${form.suffix}((part * ${context.rows}u + row) * ${size}u + column, value + ${bias(context, form)});`,
    },
  });
}

/** [dx, dh] = dz Wᵀ: one product [R, size] × [size, inputSize + size], whose columns go to two buffers, dx [R, inputSize] and dh [R, size]. */
export function inputGradientProduct(context: Context, { spec, inputSize }: RecurrentShape) {
  const { size } = spec;
  const vector = inVectors(size);
  const weightsAt = context.parameterAt('recurrent.weights');
  return product({
    name: 'recurrent input gradient',
    bindings: { dz: reading(vector), parameters: reading(vector), dx: 'read_write', dh: 'read_write' },
    m: context.rows,
    n: inputSize + size,
    k: size,
    left: { alongInner: true, vector, body: ({ suffix }) => `return dz${suffix}(row * ${size}u + inner);` },
    right: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `return parameters${suffix}(${weightsAt}u + column * ${size}u + inner);`,
    },
    result: {
      bindings: ['dx', 'dh'],
      vector: inVectors(inputSize, size),
      body: ({ suffix }) => `if (column < ${inputSize}u) { set_dx${suffix}(row * ${inputSize}u + column, value); }
  else { set_dh${suffix}(row * ${size}u + column - ${inputSize}u, value); }`,
    },
  });
}

/** dW = [x, h]ᵀ dz, [inputSize + size, steps · R] × [steps · R, size]: the rows of all steps are the inner dimension of one product. */
export function writeWeightGradient(
  context: Context,
  { spec, inputSize }: RecurrentShape,
  x: Slots,
  hidden: Slots,
  dz: Slots,
): void {
  const { size } = spec;
  const [leftVector, rightVector] = [inVectors(inputSize, size), inVectors(size)];
  weightGradient(
    context,
    {
      name: 'recurrent weight gradient',
      bindings: { x: reading(leftVector), h: reading(leftVector), dz: reading(rightVector) },
      m: inputSize + size,
      n: size,
      k: context.steps * context.rows,
      left: {
        alongInner: false,
        vector: leftVector,
        body: ({ suffix }) => `if (row < ${inputSize}u) { return x${suffix}(inner * ${inputSize}u + row); }
  return h${suffix}(inner * ${size}u + row - ${inputSize}u);`,
      },
      right: {
        alongInner: false,
        vector: rightVector,
        body: ({ suffix }) => `return dz${suffix}(inner * ${size}u + column);`,
      },
    },
    { x: slot(x, 0), h: slot(hidden, 0), dz: slot(dz, 0) },
    gradient(context, 'recurrent.weights'),
  ).finish();
}
