import { type Activation, elements, type LayerShape } from '@nem/core/spec';
import { activationCode } from '../kernels/activation.js';
import {
  type ConvolutionShape,
  convolutionShape,
  foldedAxis,
  foldedInputGradientCode,
  foldedPatches,
  foldKernel,
  inputGradientCode,
  largePlace,
  patches,
  tapsOfPhase,
  unfoldGradient,
} from '../kernels/convolution.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { type Access, cover } from '../plan/kernel.js';
import { type Context, gradient, parameters } from './context.js';
import { weightGradient } from './sums.js';

/** The affine map of a layer as launches. */
export interface Affine {
  /** Writes activation(x W + b) of a step to a view. */
  forward(activation: Activation): (step: number, out: View) => void;
  /** The gradient by x, in a scratch buffer, from that by the map's output. */
  inputGradient(dz: View): View;
  /** The weights' gradient over all steps. */
  weightGradient(dz: Slots): void;
}

const READ = { x: 'read', parameters: 'read', out: 'read_write' } as const satisfies Record<string, Access>;

/** x W + b. x: [rows, in], W: [in, out]. */
export function denseAffine(context: Context, shape: LayerShape, x: Slots): Affine {
  const { builder, rows, steps } = context;
  const [inputs, outputs] = [shape.inputShape[0], shape.outputShape[0]];
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const biasAt = context.parameterAt(`${shape.name}.bias`);
  return {
    forward(activation) {
      const { kernel, groups } = product({
        name: 'dense',
        buffers: READ,
        m: rows,
        n: outputs,
        k: inputs,
        leftAlongInner: true,
        rightAlongColumns: true,
        code: `${activationCode(activation)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return x(row * ${inputs}u + inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${weightsAt}u + inner * ${outputs}u + column); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${outputs}u + column, activate(value + parameters(${biasAt}u + column))); }`,
      });
      return (step, out) => builder.dispatch(kernel, [slot(x, step), parameters(context), out], groups);
    },
    inputGradient(dz) {
      const { kernel, groups } = product({
        name: 'dense input gradient',
        buffers: { dz: 'read', parameters: 'read', dx: 'read_write' },
        m: rows,
        n: inputs,
        k: outputs,
        leftAlongInner: true,
        rightAlongColumns: false,
        code: `fn left(row: u32, inner: u32, phase: u32) -> f32 { return dz(row * ${outputs}u + inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${weightsAt}u + column * ${outputs}u + inner); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_dx(row * ${inputs}u + column, value); }`,
      });
      const dx = builder.scratch(rows * inputs);
      builder.dispatch(kernel, [dz, parameters(context), dx], groups);
      return dx;
    },
    weightGradient(dz) {
      transposedProduct(
        context,
        'dense weight gradient',
        x,
        inputs,
        dz,
        outputs,
        gradient(context, `${shape.name}.weights`),
        steps * rows,
      );
    },
  };
}

/** out = xᵀ dz over all rows of all steps. x: [rows, m], dz: [rows, n]. */
export function transposedProduct(
  { builder }: Context,
  name: string,
  x: Slots,
  m: number,
  dz: Slots,
  n: number,
  out: View,
  rows: number,
): void {
  weightGradient(
    builder,
    {
      name,
      buffers: { x: 'read', dz: 'read' },
      m,
      n,
      k: rows,
      leftAlongInner: false,
      rightAlongColumns: true,
      code: `fn left(row: u32, inner: u32, phase: u32) -> f32 { return x(inner * ${m}u + row); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return dz(inner * ${n}u + column); }`,
    },
    [slot(x, 0), slot(dz, 0)],
    out,
  );
}

/** A convolution as an implicit product over patches. */
export function convAffine(context: Context, shape: LayerShape, x: Slots): Affine {
  const { builder, rows, steps } = context;
  const c = convolutionShape(shape);
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const biasAt = context.parameterAt(`${shape.name}.bias`);
  const taps = c.kernel ** 2 * c.channels;
  const places = c.outHeight * c.outWidth;
  return {
    forward(activation) {
      const { kernel, groups } = product({
        name: 'convolution',
        buffers: READ,
        m: rows * places,
        n: c.outputs,
        k: taps,
        leftAlongInner: true,
        rightAlongColumns: true,
        code: `${activationCode(activation)}
${patches(c)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return image_patch(row, inner); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return parameters(${weightsAt}u + inner * ${c.outputs}u + column); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(row * ${c.outputs}u + column, activate(value + parameters(${biasAt}u + column))); }`,
      });
      return (step, out) => builder.dispatch(kernel, [slot(x, step), parameters(context), out], groups);
    },
    inputGradient(dz) {
      const { stride } = c;
      const { kernel, groups } = product({
        name: 'convolution input gradient',
        buffers: { dz: 'read', parameters: 'read', dx: 'read_write' },
        m: rows * Math.ceil(c.height / stride) * Math.ceil(c.width / stride),
        n: c.channels,
        k: tapsOfPhase(c) ** 2 * c.outputs,
        phases: stride ** 2,
        leftAlongInner: true,
        rightAlongColumns: false,
        code: inputGradientCode(c, weightsAt),
      });
      const dx = builder.scratch(rows * elements(shape.inputShape));
      builder.dispatch(kernel, [dz, parameters(context), dx], groups);
      return dx;
    },
    weightGradient(dz) {
      weightGradient(
        builder,
        {
          name: 'convolution weight gradient',
          buffers: { x: 'read', dz: 'read' },
          m: taps,
          n: c.outputs,
          k: steps * rows * places,
          leftAlongInner: false,
          rightAlongColumns: true,
          code: `${patches(c)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return image_patch(inner, row); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return dz(inner * ${c.outputs}u + column); }`,
        },
        [slot(x, 0), slot(dz, 0)],
        gradient(context, `${shape.name}.weights`),
      );
    },
  };
}

/** An enlargement and a convolution, folded: phase by phase of the outputs, on the small image. */
export function resizeConvAffine(context: Context, shape: LayerShape, x: Slots): Affine {
  const { builder, rows, steps } = context;
  const c = convolutionShape(shape);
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const entries = foldedAxis(c.kernel, c.scale).entries;
  const size = entries ** 2 * c.channels * c.outputs;
  const folded: View = { storage: builder.storage(`${shape.name} folded kernel`, size), offset: 0 };
  builder.dispatch(foldKernel(c, weightsAt), [parameters(context), folded], cover(size));
  const smallRows = rows * c.height * c.width;
  return {
    forward(activation) {
      const { kernel, groups } = foldedForward(c, smallRows, activation, context.parameterAt(`${shape.name}.bias`));
      return (step, out) => builder.dispatch(kernel, [slot(x, step), folded, parameters(context), out], groups);
    },
    inputGradient(dz) {
      const { kernel, groups } = product({
        name: 'resize-convolution input gradient',
        buffers: { dz: 'read', folded: 'read', dx: 'read_write' },
        m: smallRows,
        n: c.channels,
        k: entries ** 2 * c.outputs,
        leftAlongInner: true,
        rightAlongColumns: false,
        code: foldedInputGradientCode(c),
      });
      const dx = builder.scratch(smallRows * c.channels);
      builder.dispatch(kernel, [dz, folded, dx], groups);
      return dx;
    },
    weightGradient(dz) {
      foldedWeightGradient(context, c, x, dz, steps * smallRows, gradient(context, `${shape.name}.weights`));
    },
  };
}

/** Most inner elements or rows of one phase: the largest number of small taps, times the channels. */
function largestPhase(c: ConvolutionShape): number {
  return Math.max(...foldedAxis(c.kernel, c.scale).size) ** 2 * c.channels;
}

function foldedForward(c: ConvolutionShape, rows: number, activation: Activation, biasAt: number) {
  return product({
    name: 'resize-convolution',
    buffers: { x: 'read', folded: 'read', parameters: 'read', out: 'read_write' },
    m: rows,
    n: c.outputs,
    k: largestPhase(c),
    phases: c.scale ** 2,
    varying: true,
    leftAlongInner: true,
    rightAlongColumns: true,
    code: `${activationCode(activation)}
${foldedPatches(c)}
${largePlace(c)}
fn rowsOf(phase: u32) -> u32 { return ${rows}u; }
fn innerOf(phase: u32) -> u32 { return taps_of(phase) * ${c.channels}u; }
fn left(row: u32, inner: u32, phase: u32) -> f32 { return image_patch(row, inner, phase); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return folded(folded_at(entries_of(phase, inner / ${c.channels}u), inner % ${c.channels}u, column)); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(large(row, column, phase), activate(value + parameters(${biasAt}u + column))); }`,
  });
}

function foldedWeightGradient(
  { builder }: Context,
  c: ConvolutionShape,
  x: Slots,
  dz: Slots,
  rows: number,
  out: View,
): void {
  const size = foldedAxis(c.kernel, c.scale).entries ** 2 * c.channels * c.outputs;
  const { kernel, groups, parts } = product({
    name: 'resize-convolution weight gradient',
    buffers: { x: 'read', dz: 'read', out: 'read_write' },
    m: largestPhase(c),
    n: c.outputs,
    k: rows,
    phases: c.scale ** 2,
    varying: true,
    splittable: true,
    leftAlongInner: false,
    rightAlongColumns: true,
    code: `${foldedPatches(c)}
${largePlace(c)}
fn rowsOf(phase: u32) -> u32 { return taps_of(phase) * ${c.channels}u; }
fn innerOf(phase: u32) -> u32 { return ${rows}u; }
fn left(row: u32, inner: u32, phase: u32) -> f32 { return image_patch(inner, row, phase); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return dz(large(inner, column, phase)); }
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out(part * ${size}u + folded_at(entries_of(phase, row / ${c.channels}u), row % ${c.channels}u, column), value); }`,
  });
  const partial = builder.scratch(parts * size);
  builder.dispatch(kernel, [slot(x, 0), slot(dz, 0), partial], groups);
  const count = c.kernel ** 2 * c.channels * c.outputs;
  builder.dispatch(unfoldGradient(c, parts), [partial, out], cover(count));
  builder.release(partial);
}
