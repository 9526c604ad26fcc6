import type { Activation, LayerShape, NemShape, RnnEmShape } from '@nem/core/spec';
import { activationCode } from '../kernels/activation.js';
import { nemUpdate, nemUpdateGradient } from '../kernels/n-em.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { type Context, gradient, parameters } from './context.js';
import { type LoweredLayer, lowerAffine, lowerInputNorm } from './layer.js';
import { lowerRecurrent } from './recurrent.js';
import { copyTo, sumColumns, weightGradient } from './sums.js';

/** One step's buffers that a cell reads and writes. */
export interface CellSlots {
  /** γ ⊙ (x̃ − ψ), [rows, pixels] for each step. */
  readonly input: Slots;
  readonly psi: Slots;
  /** h or θ: slot t + 1 is that after step t. */
  readonly hidden: Slots;
}

/** The M-step as launches. */
export interface LoweredCell {
  /** Where the gradient by ψ is wanted: with the slope of `activation` in it. */
  incoming(step: number): { readonly view: View; readonly activation: Activation };
  forward(step: number): void;
  /** Goes back from {@link LoweredCell.incoming}; gives the gradient by the cell's input unless it is not wanted. */
  backward(step: number, wanted: boolean): View | undefined;
  finish(): void;
}

const computes = ({ spec }: LayerShape) => spec.type !== 'reshape' && spec.type !== 'flatten';

/** Layers one after the other; the last one that computes writes to `end`, where it is given. */
function lowerStack(context: Context, shapes: readonly LayerShape[], x: Slots, end?: Slots): LoweredLayer[] {
  const { builder, rows, steps, training } = context;
  const layers: LoweredLayer[] = [];
  const computing = shapes.filter(computes);
  for (const [i, shape] of computing.entries()) {
    const from = i === 0 ? x : layers[i - 1].y;
    const size = shape.outputShape.reduce((a, b) => a * b, 1);
    const last = end !== undefined && i === computing.length - 1;
    const y = last ? end : builder.slots(shape.name, training ? steps : 1, rows * size);
    const lower = shape.spec.type === 'inputNorm' ? lowerInputNorm : lowerAffine;
    layers.push(lower(context, shape, from, y));
  }
  return layers;
}

/** RNN-EM: input layers, the recurrent layer, output layers. */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const encoder = lowerStack(context, shape.input, input);
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.at(-1)?.y ?? input, hidden);
  const decoder = lowerStack(context, shape.output, recurrent.output, psi);
  const end = decoder.at(-1);
  // At the first step nothing needs the gradient below the first layer that has parameters.
  const first = shape.input.filter(computes).findIndex((layer) => layer.parameters.length > 0);
  const waiting = new Map<number, View>();
  return {
    incoming(step) {
      if (end?.sloped) return { view: slot(end.sloped.dz, step), activation: end.sloped.activation };
      const view = builder.scratch(rows * pixels);
      waiting.set(step, view);
      return { view, activation: 'linear' };
    },
    forward(step) {
      for (const layer of encoder) layer.forward(step);
      recurrent.forward(step);
      for (const layer of decoder) layer.forward(step);
      if (!end) copyTo(builder, slot(recurrent.output, step), rows * pixels, slot(psi, step));
    },
    backward(step, wanted) {
      const sloped = end?.sloped;
      let view = sloped ? slot(sloped.dz, step) : (waiting.get(step) as View);
      for (const [i, layer] of [...decoder.entries()].reverse()) {
        view = layer.backward(step, { view, sloped: i === decoder.length - 1 && sloped !== undefined }, true) as View;
      }
      let next: View | undefined = recurrent.backward(step, view);
      for (const [i, layer] of [...encoder.entries()].reverse()) {
        next = layer.backward(step, { view: next as View, sloped: false }, wanted || i > Math.max(first, 0));
        if (next === undefined) break;
      }
      if (!wanted && next) builder.release(next);
      return wanted ? next : undefined;
    },
    finish() {
      for (const layer of [...encoder, recurrent, ...decoder]) layer.finish();
    },
  };
}

/** N-EM: θ ← θ + η · s(1 − s) · (input W), ψ = sigmoid(sigmoid(θ) Wᵀ). */
export function lowerNem(context: Context, { hiddenSize: size }: NemShape, slots: CellSlots): LoweredCell {
  const { builder, rows, pixels, steps, training } = context;
  const { input, psi, hidden } = slots;
  const kept = training ? steps : 1;
  const count = rows * size;
  const stepAt = context.parameterAt('nem.step');
  const ascent = builder.slots('ascent', kept, count);
  const squashed = builder.slots('squashed', kept, count);
  const logits = training ? builder.slots('logits gradient', steps, rows * pixels) : psi;
  const carried: View = { storage: builder.storage('θ gradient', count), offset: 0 };
  const stepSums: View = { storage: builder.storage('step gradient', count), offset: 0 };
  const toHidden = nemProduct(context, size, 'linear');
  const toPixels = nemTransposedProduct(context, size, 'sigmoid');
  const back = nemTransposedProduct(context, size, 'linear');
  const [update, differentiate] = [nemUpdate(count, stepAt), nemUpdateGradient(count, stepAt)];
  return {
    incoming: (step) => ({ view: slot(logits, step), activation: 'sigmoid' }),
    forward(step) {
      builder.dispatch(toHidden.kernel, [slot(input, step), parameters(context), slot(ascent, step)], toHidden.groups);
      const views = [slot(hidden, step), slot(ascent, step), parameters(context), slot(squashed, step)];
      builder.dispatch(update, views, cover(count), [hidden.at(step + 1) - hidden.at(step)]);
      builder.dispatch(toPixels.kernel, [slot(squashed, step), parameters(context), slot(psi, step)], toPixels.groups);
    },
    backward(step, wanted) {
      const decoded = builder.scratch(count);
      builder.dispatch(toHidden.kernel, [slot(logits, step), parameters(context), decoded], toHidden.groups);
      const state = [slot(squashed, step), slot(hidden, step), parameters(context), carried];
      const views = [decoded, ...state, slot(ascent, step), stepSums];
      builder.dispatch(differentiate, views, cover(count), [step < steps - 1 ? 1 : 0]);
      builder.release(decoded);
      if (!wanted) return undefined;
      const dx = builder.scratch(rows * pixels);
      builder.dispatch(back.kernel, [slot(ascent, step), parameters(context), dx], back.groups);
      return dx;
    },
    finish() {
      nemWeightGradient(context, size, logits, squashed, input, ascent);
      sumColumns(builder, stepSums, count, 1, gradient(context, 'nem.step'));
    },
  };
}

/** x W. x: [rows, pixels], W: [pixels, size]. */
function nemProduct(context: Context, size: number, activation: Activation) {
  const { rows, pixels } = context;
  const at = context.parameterAt('nem.weights');
  return product({
    name: 'n-em encode',
    buffers: { x: 'read', parameters: 'read', out: 'read_write' },
    m: rows,
    n: size,
    k: pixels,
    leftAlongInner: true,
    rightAlongColumns: true,
    code: `${activationCode(activation)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return x(row * ${pixels}u + inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${at}u + inner * ${size}u + column); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${size}u + column, activate(value)); }`,
  });
}

/** x Wᵀ. x: [rows, size]. */
function nemTransposedProduct(context: Context, size: number, activation: Activation) {
  const { rows, pixels } = context;
  const at = context.parameterAt('nem.weights');
  return product({
    name: 'n-em decode',
    buffers: { x: 'read', parameters: 'read', out: 'read_write' },
    m: rows,
    n: pixels,
    k: size,
    leftAlongInner: true,
    rightAlongColumns: false,
    code: `${activationCode(activation)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return x(row * ${size}u + inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${at}u + column * ${size}u + inner); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${pixels}u + column, activate(value)); }`,
  });
}

/** Both uses of the weights in one product: [logits; input]ᵀ [s; ascent], twice as long along k. */
function nemWeightGradient(
  context: Context,
  size: number,
  logits: Slots,
  squashed: Slots,
  input: Slots,
  ascent: Slots,
): void {
  const { builder, pixels, steps } = context;
  const rows = steps * context.rows;
  weightGradient(
    builder,
    {
      name: 'n-em weight gradient',
      buffers: { logits: 'read', squashed: 'read', masked: 'read', ascent: 'read' },
      m: pixels,
      n: size,
      k: 2 * rows,
      leftAlongInner: false,
      rightAlongColumns: true,
      code: `fn left(row: u32, inner: u32, phase: u32) -> f32 {
  if (inner < ${rows}u) { return logits(inner * ${pixels}u + row); }
  return masked((inner - ${rows}u) * ${pixels}u + row);
}
fn right(inner: u32, column: u32, phase: u32) -> f32 {
  if (inner < ${rows}u) { return squashed(inner * ${size}u + column); }
  return ascent((inner - ${rows}u) * ${size}u + column);
}`,
    },
    [slot(logits, 0), slot(squashed, 0), slot(input, 0), slot(ascent, 0)],
    gradient(context, 'nem.weights'),
  );
}
