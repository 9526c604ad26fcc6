import type { RecurrentShape } from '@nem/core/spec';
import { activation, activationGradient } from '../kernels/elementwise.js';
import { normBackward, normForward } from '../kernels/norm.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { type Context, gradient, parameters } from './context.js';
import { sumColumns, weightGradient } from './sums.js';

/** The recurrent layer as launches. */
export interface LoweredRecurrent {
  readonly output: Slots;
  forward(step: number): void;
  /** Releases dy and gives the gradient by the layer's input; that by the previous h stays here for the step before. */
  backward(step: number, dy: View): View;
  finish(): void;
}

/** [input, h] W (+ b): both halves of the input come from their own buffer. */
function forwardProduct(context: Context, { spec, inputSize }: RecurrentShape) {
  const { size } = spec;
  const weightsAt = context.parameterAt('recurrent.weights');
  return product({
    name: 'recurrent',
    buffers: { x: 'read', h: 'read', parameters: 'read', out: 'read_write' },
    m: context.rows,
    n: size,
    k: inputSize + size,
    float16: context.float16,
    leftAlongInner: true,
    rightAlongColumns: true,
    code: `fn left(row: u32, inner: u32, phase: u32) -> f32 {
  if (inner < ${inputSize}u) { return x(row * ${inputSize}u + inner); }
  return h(row * ${size}u + inner - ${inputSize}u);
}
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${weightsAt}u + inner * ${size}u + column); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${size}u + column, value + parameters(${context.parameterAt('recurrent.bias')}u + column)); }`,
  });
}

function inputGradientProduct(context: Context, { spec, inputSize }: RecurrentShape) {
  const { size } = spec;
  return product({
    name: 'recurrent input gradient',
    buffers: { dz: 'read', parameters: 'read', dx: 'read_write', dh: 'read_write' },
    m: context.rows,
    n: inputSize + size,
    k: size,
    leftAlongInner: true,
    rightAlongColumns: false,
    code: `fn left(row: u32, inner: u32, phase: u32) -> f32 { return dz(row * ${size}u + inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${context.parameterAt('recurrent.weights')}u + column * ${size}u + inner); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) {
  if (column < ${inputSize}u) { set_dx(row * ${inputSize}u + column, value); }
  else { set_dh(row * ${size}u + column - ${inputSize}u, value); }
}`,
  });
}

function weights(context: Context, { spec, inputSize }: RecurrentShape, x: Slots, hidden: Slots, dz: Slots): void {
  const { size } = spec;
  const rows = context.steps * context.rows;
  weightGradient(
    context,
    {
      name: 'recurrent weight gradient',
      buffers: { x: 'read', h: 'read', dz: 'read' },
      m: inputSize + size,
      n: size,
      k: rows,
      leftAlongInner: false,
      rightAlongColumns: true,
      code: `fn left(row: u32, inner: u32, phase: u32) -> f32 {
  if (row < ${inputSize}u) { return x(inner * ${inputSize}u + row); }
  return h(inner * ${size}u + row - ${inputSize}u);
}
fn right(inner: u32, column: u32, phase: u32) -> f32 { return dz(inner * ${size}u + column); }`,
    },
    [slot(x, 0), slot(hidden, 0), slot(dz, 0)],
    gradient(context, 'recurrent.weights'),
  ).finish();
  sumColumns(context.builder, slot(dz, 0), rows, size, gradient(context, 'recurrent.bias'));
}

/** What follows z: the new h, the output and their gradient. */
interface RecurrentEnd {
  readonly output: Slots;
  /** Gradient by z. */
  readonly dz: Slots;
  forward(step: number, z: View): void;
  /** `dh` counts in all steps but the last. */
  backward(step: number, dy: View, dh: View): void;
  finish(): void;
}

/** Without a layer norm the output is the new h. */
function plainEnd({ builder, rows, steps, training }: Context, { spec }: RecurrentShape, hidden: Slots): RecurrentEnd {
  const count = rows * spec.size;
  const output: Slots = { storage: hidden.storage, at: (step) => hidden.at(step + 1) };
  const dz = training ? builder.slots('recurrent gradient', steps, count) : output;
  const [activate, differentiate] = [
    activation(spec.activation, count),
    activationGradient(spec.activation, count, true),
  ];
  return {
    output,
    dz,
    forward: (step, z) => builder.dispatch(activate, [z, slot(output, step)], cover(count)),
    backward(step, dy, dh) {
      const views = [dy, slot(output, step), slot(dz, step), dh];
      builder.dispatch(differentiate, views, cover(count), [step < steps - 1 ? 1 : 0]);
    },
    finish() {},
  };
}

/** With a layer norm the output is activation(norm(z)); the new h stays activation(z). */
function normedEnd(context: Context, { spec }: RecurrentShape, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size } = spec;
  const kept = training ? steps : 1;
  const gainAt = context.parameterAt('recurrent.gain');
  const norm = { rows, size, channels: size, activation: spec.activation, gainAt, recurrent: true };
  const [normalize, differentiate] = [normForward(norm), normBackward(norm)];
  const output = builder.slots('recurrent output', kept, rows * size);
  const normalized = builder.slots('recurrent normalised', kept, rows * size);
  const scale = builder.slots('recurrent scale', kept, rows);
  const sums: View = { storage: builder.storage('recurrent gain gradient by row', rows * 2 * size), offset: 0 };
  return {
    output,
    dz: normalized,
    forward(step, z) {
      const state = [slot(normalized, step), slot(scale, step), slot(output, step), slot(hidden, step + 1)];
      builder.dispatch(normalize, [z, parameters(context), ...state], [rows, 1, 1]);
    },
    backward(step, dy, dh) {
      const state = [slot(output, step), slot(normalized, step), slot(scale, step)];
      const last = step === steps - 1;
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
  const forward = forwardProduct(context, shape);
  const backward = inputGradientProduct(context, shape);
  const dh: View = { storage: builder.storage('hidden gradient', count), offset: 0 };
  const end = shape.spec.layerNorm ? normedEnd(context, shape, hidden) : plainEnd(context, shape, hidden);
  return {
    output: end.output,
    forward(step) {
      const z = builder.scratch(count);
      builder.dispatch(forward.kernel, [slot(x, step), slot(hidden, step), parameters(context), z], forward.groups);
      end.forward(step, z);
      builder.release(z);
    },
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
