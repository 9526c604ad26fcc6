import type { RecurrentShape } from '@nem/core/spec';
import { activationForms } from '../kernels/activation.js';
import { activationGradient } from '../kernels/activation-gradient.js';
import { normBackward, normForward } from '../kernels/norm.js';
import { biasOnce, type Form, inVectors, reading } from '../kernels/operand.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover, type Kernel } from '../plan/kernel.js';
import { MOST_SUMMED_PARTS } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { normalizedRows } from './layer.js';
import { sumColumns, weightGradient } from './sums.js';

/** The recurrent layer as launches. */
export interface LoweredRecurrent {
  readonly output: Slots;
  /** In how many parts the gradient by the output may stand. */
  readonly mostParts: number;
  forward(step: number): void;
  /** Releases dy and gives the gradient by the layer's input; that by the previous h stays here for the step before. */
  backward(step: number, dy: View): View;
  finish(): void;
}

/**
 * z = [input, h] W + b: both halves of the input come from their own buffer. Without a layer norm the result is activation(z),
 * extra(0) elements after h; else z in a buffer of its own, perhaps in parts.
 */
function forwardProduct(context: Context, { spec, inputSize }: RecurrentShape) {
  const { size, activation, layerNorm = false } = spec;
  const weightsAt = context.parameterAt('recurrent.weights');
  // Without a layer norm the launch writes to the buffer that it reads h from.
  const leftVector = layerNorm && inVectors(inputSize, size);
  const rightVector = inVectors(size);
  const [left, right] = [reading(leftVector), reading(rightVector)];
  // Without parts it is the bias itself.
  const bias = (form: Form) => biasOnce(context.parameterAt('recurrent.bias'), form);
  return product({
    name: 'recurrent',
    buffers: layerNorm
      ? { x: left, h: left, parameters: right, out: 'read_write' }
      : { x: left, h: 'read_write', parameters: right },
    m: context.rows,
    n: size,
    k: inputSize + size,
    float16: context.float16,
    mostParts: layerNorm ? MOST_SUMMED_PARTS : 1,
    left: {
      alongInner: true,
      vector: leftVector,
      body: ({ suffix }) => `if (inner < ${inputSize}u) { return x${suffix}(row * ${inputSize}u + inner); }
  return h${suffix}(row * ${size}u + inner - ${inputSize}u);`,
    },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return parameters${suffix}(${weightsAt}u + inner * ${size}u + column);`,
    },
    result: {
      buffers: [layerNorm ? 'out' : 'h'],
      vector: layerNorm && rightVector,
      body: (form) =>
        layerNorm
          ? `set_out${form.suffix}((part * ${context.rows}u + row) * ${size}u + column, value + ${bias(form)});`
          : `set_h${form.suffix}(row * ${size}u + column + extra(0), activate${form.suffix}(value + ${bias(form)}));`,
    },
    code: activationForms(activation, rightVector),
  });
}

function inputGradientProduct(context: Context, { spec, inputSize }: RecurrentShape) {
  const { size } = spec;
  const [vector, both] = [inVectors(size), inVectors(inputSize, size)];
  const weightsAt = context.parameterAt('recurrent.weights');
  return product({
    name: 'recurrent input gradient',
    buffers: { dz: reading(vector), parameters: reading(vector), dx: 'read_write', dh: 'read_write' },
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
      buffers: ['dx', 'dh'],
      vector: both,
      body: ({ suffix }) => `if (column < ${inputSize}u) { set_dx${suffix}(row * ${inputSize}u + column, value); }
  else { set_dh${suffix}(row * ${size}u + column - ${inputSize}u, value); }`,
    },
  });
}

function weights(context: Context, { spec, inputSize }: RecurrentShape, x: Slots, hidden: Slots, dz: Slots): void {
  const { size } = spec;
  const rows = context.steps * context.rows;
  const [leftVector, rightVector] = [inVectors(inputSize, size), inVectors(size)];
  weightGradient(
    context,
    {
      name: 'recurrent weight gradient',
      buffers: { x: reading(leftVector), h: reading(leftVector), dz: reading(rightVector) },
      m: inputSize + size,
      n: size,
      k: rows,
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
    [slot(x, 0), slot(hidden, 0), slot(dz, 0)],
    gradient(context, 'recurrent.weights'),
  ).finish();
  sumColumns(context.builder, slot(dz, 0), rows, size, gradient(context, 'recurrent.bias'));
}

/** From the input to the new h and the output, and from their gradient to that by z. */
interface RecurrentEnd {
  readonly output: Slots;
  readonly mostParts: number;
  /** Gradient by z. */
  readonly dz: Slots;
  forward(step: number): void;
  /** `dh` counts in all steps but the last. */
  backward(step: number, dy: View, dh: View): void;
  finish(): void;
}

/** Without a layer norm the output is the new h. */
function plainEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size, activation } = shape.spec;
  const count = rows * size;
  const output: Slots = { storage: hidden.storage, at: (step) => hidden.at(step + 1) };
  const dz = training ? builder.slots('recurrent gradient', steps, count) : output;
  const { kernel, groups } = forwardProduct(context, shape);
  const differentiate = activationGradient(activation, count, true);
  return {
    output,
    mostParts: 1,
    dz,
    forward: (step) =>
      builder.dispatch(kernel, [slot(x, step), slot(hidden, step), parameters(context)], groups, [
        hidden.at(step + 1) - hidden.at(step),
      ]),
    backward(step, dy, dh) {
      const views = [dy, slot(output, step), slot(dz, step), dh];
      builder.dispatch(differentiate, views, cover(count), [step < steps - 1 ? 1 : 0]);
    },
    finish() {},
  };
}

/** With a layer norm the output is activation(norm(z)); the new h stays activation(z). */
function normedEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size, activation } = shape.spec;
  const kept = training ? steps : 1;
  const gainAt = context.parameterAt('recurrent.gain');
  const norm = { rows, size, channels: size, activation, gainAt, recurrent: true };
  const { kernel, groups, parts } = forwardProduct(context, shape);
  const normalize = normForward(norm, parts);
  let differentiate: Kernel | undefined;
  const output = builder.slots('recurrent output', kept, rows * size);
  const normalized = normalizedRows(context, 'recurrent', size);
  const scale = builder.slots('recurrent scale', kept, rows);
  const sums: View = { storage: builder.storage('recurrent gain gradient by row', rows * 2 * size), offset: 0 };
  return {
    output,
    mostParts: MOST_SUMMED_PARTS,
    dz: normalized,
    forward(step) {
      const z = builder.scratch(parts * rows * size);
      builder.dispatch(kernel, [slot(x, step), slot(hidden, step), parameters(context), z], groups);
      const state = [slot(normalized, step), slot(scale, step), slot(output, step), slot(hidden, step + 1)];
      builder.dispatch(normalize, [z, parameters(context), ...state], [rows, 1, 1]);
      builder.release(z);
    },
    backward(step, dy, dh) {
      const state = [slot(output, step), slot(normalized, step), slot(scale, step)];
      const last = step === steps - 1;
      differentiate ??= normBackward(norm, dy.parts);
      builder.dispatch(
        differentiate,
        [dy, ...state, parameters(context), sums, dh, slot(hidden, step + 1)],
        [rows, 1, 1],
        [last ? 1 : 0, last ? 0 : 1],
      );
    },
    finish: () => sumColumns(builder, sums, rows, 2 * size, gradient(context, 'recurrent.gain')),
  };
}

/** @param hidden slot t + 1 is h after step t */
export function lowerRecurrent(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): LoweredRecurrent {
  const { builder, rows } = context;
  const count = rows * shape.spec.size;
  const backward = inputGradientProduct(context, shape);
  const dh: View = { storage: builder.storage('hidden gradient', count), offset: 0 };
  const end = (shape.spec.layerNorm ? normedEnd : plainEnd)(context, shape, x, hidden);
  return {
    output: end.output,
    mostParts: end.mostParts,
    forward: end.forward,
    backward(step, dy) {
      end.backward(step, dy, dh);
      builder.release(dy);
      const dx = builder.scratch(rows * shape.inputSize);
      builder.dispatch(backward.kernel, [slot(end.dz, step), parameters(context), dx, dh], backward.groups);
      return dx;
    },
    finish() {
      weights(context, shape, x, hidden, end.dz);
      end.finish();
    },
  };
}
