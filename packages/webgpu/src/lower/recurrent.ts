/**
 * The recurrent layer of RNN-EM as launches. A row is one component of one sample; there are R = batch · components. At each step, from
 * the layer's input x [R, inputSize] and the hidden state h [R, size] of the step before, with W [inputSize + size, size] and b [size]:
 *
 *     z  = [x, h] W + b                     [R, size]
 *     h′ = activation(z)                    the hidden state after the step
 *     y  = h′                               the layer's output; with a layer norm: activation(norm(z))
 *
 * Backward, from the last step to the first, from dy and, in all steps but the last, dh′, which the step after has left:
 *
 *     dz       = (dy + dh′) · activation′(h′)
 *     dz       = norm's gradient of dy + dh′ · activation′(h′)           with a layer norm
 *     [dx, dh] = dz Wᵀ
 *
 * After all steps, one product over all of their rows gives dW = Σ [x, h]ᵀ dz, and the column sums of dz give db.
 */

import type { RecurrentShape } from '@nem/core';
import { activationForms } from '../kernels/activation.js';
import { recurrentActivationGradient } from '../kernels/activation-gradient.js';
import { recurrentNormBackward, recurrentNormForward } from '../kernels/norm.js';
import { biasOnce, type Form, inVectors, reading } from '../kernels/operand.js';
import { type Operands, product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { MOST_SUMMED_PARTS } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { normalizedRows } from './layer.js';
import { sumColumns, weightGradient } from './sums.js';

/** The recurrent layer as launches. */
export interface LoweredRecurrent {
  readonly output: Slots;
  /** In how many parts the gradient with respect to the output may stand. */
  readonly mostParts: number;
  forward(step: number): void;
  /** Releases dy and gives dx; dh stays here for the step before. */
  backward(step: number, dy: View): View;
  finish(): void;
}

/** What both forms of z's product share: [x, h] from both of their buffers, times W. */
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

/** Sizes of z's product, and the functions that it calls. */
const forwardSize = ({ rows, float16 }: Context, { spec, inputSize }: RecurrentShape) => ({
  name: 'recurrent',
  m: rows,
  n: spec.size,
  k: inputSize + spec.size,
  float16,
  code: activationForms(spec.activation, inVectors(spec.size)),
});

/** Without parts it is the bias itself. */
const bias = (context: Context, form: Form) => biasOnce(context.parameterAt('recurrent.bias'), form);

/** h′ = activation([x, h] W + b), written `to_next` elements after h, in the same buffer, which is therefore not read in vectors. */
function stateProduct(context: Context, shape: RecurrentShape) {
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

/** z = [x, h] W + b into a buffer of its own, perhaps in parts, for the norm that follows. */
function preNormProduct(context: Context, shape: RecurrentShape) {
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

/** [dx, dh] = dz Wᵀ, each half to its own buffer. */
function inputGradientProduct(context: Context, { spec, inputSize }: RecurrentShape) {
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

/** dW = [x, h]ᵀ dz, the rows of all steps along the inner dimension. */
function writeWeightGradient(
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

/** What a layer norm changes: how x and h become h′ and the output, and how their gradients become dz. */
interface RecurrentEnd {
  readonly output: Slots;
  readonly mostParts: number;
  readonly dz: Slots;
  forward(step: number): void;
  /** `dh` counts in all steps but the last. */
  backward(step: number, dy: View, dh: View): void;
  /** After all steps, the gradients of the norm's parameters. */
  finish(): void;
}

/** Without a layer norm: the output is h′. */
function plainEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size, activation } = shape.spec;
  const count = rows * size;
  const output: Slots = { storage: hidden.storage, at: (step) => hidden.at(step + 1) };
  const dz = training ? builder.slots('recurrent gradient', steps, count) : output;
  const { kernel, groups } = stateProduct(context, shape);
  const differentiate = recurrentActivationGradient(activation, count);
  return {
    output,
    mostParts: 1,
    dz,
    forward(step) {
      const to_next = hidden.at(step + 1) - hidden.at(step);
      const views = { x: slot(x, step), h: slot(hidden, step), parameters: parameters(context) };
      builder.dispatch(kernel, views, { groups, arguments: { to_next } });
    },
    backward(step, dy, dh) {
      const has_next = Number(step < steps - 1);
      const views = { dy, y: slot(output, step), dz: slot(dz, step), dh };
      builder.dispatch(differentiate, views, { groups: cover(count), arguments: { has_next } });
    },
    finish() {},
  };
}

/** With a layer norm: the output is activation(norm(z)), and its kernel writes h′ too. */
function normedEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size, activation } = shape.spec;
  const kept = training ? steps : 1;
  const norm = { rows, size, channels: size, activation, gainAt: context.parameterAt('recurrent.gain') };
  const { kernel, groups, parts } = preNormProduct(context, shape);
  const normalize = recurrentNormForward(norm, parts);
  // Its text depends on the parts of dy, which are known at the first step.
  let differentiate: ReturnType<typeof recurrentNormBackward> | undefined;
  const output = builder.slots('recurrent output', kept, rows * size);
  const normalized = normalizedRows(context, 'recurrent', size);
  const scale = builder.slots('recurrent scale', kept, rows);
  const gradients: View = { storage: builder.storage('recurrent gain gradient by row', rows * 2 * size), offset: 0 };
  /** What both directions bind of a step. */
  const stateOf = (step: number) => ({
    parameters: parameters(context),
    normalized: slot(normalized, step),
    scale: slot(scale, step),
    y: slot(output, step),
    hidden: slot(hidden, step + 1),
  });
  return {
    output,
    mostParts: MOST_SUMMED_PARTS,
    dz: normalized,
    forward(step) {
      const z = builder.scratch(parts * rows * size);
      const operands = { x: slot(x, step), h: slot(hidden, step), parameters: parameters(context) };
      builder.dispatch(kernel, { ...operands, out: z }, { groups });
      builder.dispatch(normalize, { z, ...stateOf(step) }, { groups: [rows, 1, 1] });
      builder.release(z);
    },
    backward(step, dy, dh) {
      const [starts, has_next] = [Number(step === steps - 1), Number(step < steps - 1)];
      differentiate ??= recurrentNormBackward(norm, dy.parts);
      const views = { dy, ...stateOf(step), gradients, dh };
      builder.dispatch(differentiate, views, { groups: [rows, 1, 1], arguments: { starts, has_next } });
    },
    // The offset follows the gain, in the parameters as in the sums.
    finish: () => sumColumns(builder, gradients, rows, 2 * size, gradient(context, 'recurrent.gain')),
  };
}

/** @param hidden slot t + 1 is h after step t */
export function lowerRecurrent(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): LoweredRecurrent {
  const { builder, rows, steps } = context;
  const { size, layerNorm } = shape.spec;
  const inputGradient = inputGradientProduct(context, shape);
  const dh: View = { storage: builder.storage('hidden gradient', rows * size), offset: 0 };
  const end = (layerNorm ? normedEnd : plainEnd)(context, shape, x, hidden);
  return {
    output: end.output,
    mostParts: end.mostParts,
    forward: end.forward,
    backward(step, dy) {
      end.backward(step, dy, dh);
      builder.release(dy);
      const dx = builder.scratch(rows * shape.inputSize);
      const views = { dz: slot(end.dz, step), parameters: parameters(context), dx, dh };
      builder.dispatch(inputGradient.kernel, views, { groups: inputGradient.groups });
      return dx;
    },
    finish() {
      writeWeightGradient(context, shape, x, hidden, end.dz);
      sumColumns(builder, slot(end.dz, 0), steps * rows, size, gradient(context, 'recurrent.bias'));
      end.finish();
    },
  };
}
