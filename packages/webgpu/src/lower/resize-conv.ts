/**
 * A resizeConv layer as launches: an enlargement of the image [H, W, C] by nearest neighbour, `scale` times along each axis, and a
 * convolution with W [k, k, C, O] and b [O]. `kernels/folded.ts` says how both become products on the small image, with the folded kernel
 * [entries, entries, C, O] in the place of W; a step has R = batch · components images. The launches are:
 *
 *     once        the folded kernel F from W
 *     forward     activation(z) [R, scale · H, scale · W, O] from x [R, H, W, C] and F: one product for each phase of the outputs
 *     backward    dx [R, H, W, C] from dz and F, and each step's share of dF from x and dz
 *     at the end  dW from dF
 */

import { type Activation, elements, type LayerShape } from '@nem/core';
import { activationForms } from '../kernels/activation.js';
import { type ConvolutionShape, convolutionShape } from '../kernels/convolution.js';
import {
  foldedAxis,
  foldedInputGradientCode,
  foldedInputGradientOperands,
  foldedPatches,
  foldKernel,
  largePlace,
  unfoldGradient,
} from '../kernels/folded.js';
import { inVectors, reading } from '../kernels/operand.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import type { Affine } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { accumulate, type WeightGradient } from './sums.js';

/** Sizes of a folded resize-convolution. */
interface Folded {
  readonly c: ConvolutionShape;
  /** Pixels of the small images of a step. */
  readonly pixels: number;
  /** Entries of the folded kernel along an axis. */
  readonly entries: number;
  /** Elements of the folded kernel. */
  readonly size: number;
  /** Most small taps of a phase times the channels: its inner elements, or the rows of its weights' gradient. */
  readonly most: number;
  /** Inner elements of all phases together. */
  readonly inner: number;
  /** Elements of a step's small and large images. */
  readonly images: { readonly x: number; readonly z: number };
}

function folded(context: Context, shape: LayerShape): Folded {
  const c = convolutionShape(shape);
  const { entries, size } = foldedAxis(c.kernel, c.scale);
  return {
    c,
    pixels: context.rows * c.height * c.width,
    entries,
    size: entries ** 2 * c.channels * c.outputs,
    most: Math.max(...size) ** 2 * c.channels,
    inner: entries ** 2 * c.channels,
    images: { x: context.rows * elements(shape.inputShape), z: context.rows * elements(shape.outputShape) },
  };
}

/** The affine map of a resizeConv layer. */
export function resizeConvAffine(context: Context, shape: LayerShape, x: Slots): Affine {
  const { builder } = context;
  const geometry = folded(context, shape);
  const { c, size, images } = geometry;
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const foldedKernel: View = { storage: builder.storage(`${shape.name} folded kernel`, size), offset: 0 };
  builder.dispatch(
    foldKernel(c, weightsAt),
    { parameters: parameters(context), folded: foldedKernel },
    { groups: cover(size) },
  );
  return {
    forward(activation) {
      const biasAt = context.parameterAt(`${shape.name}.bias`);
      const { kernel, groups } = forwardProduct(geometry, activation, biasAt, context.float16);
      const operands = { folded: foldedKernel, parameters: parameters(context) };
      const write = (step: number, out: View) =>
        builder.dispatch(kernel, { x: slot(x, step), ...operands, out }, { groups });
      return { parts: 1, write };
    },
    inputGradient(mostParts) {
      const { kernel, groups, parts } = inputGradientProduct(geometry, mostParts);
      return (dz) => {
        const dx = { ...builder.scratch(parts * images.x), parts };
        builder.dispatch(kernel, { dz, folded: foldedKernel, dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) => weightGradient(context, geometry, x, dz, gradient(context, `${shape.name}.weights`)),
  };
}

/** dx [R H W, C]: each small pixel meets every entry of the folded kernel once. */
function inputGradientProduct({ c, pixels, entries, size, images }: Folded, mostParts: number) {
  const vector = inVectors(c.outputs);
  return product({
    name: 'resize-convolution input gradient',
    bindings: { dz: reading(vector), folded: reading(vector), dx: 'read_write' },
    m: pixels,
    n: c.channels,
    k: entries ** 2 * c.outputs,
    mostParts,
    operands: images.z + size,
    ...foldedInputGradientOperands(c),
    result: {
      bindings: ['dx'],
      vector: inVectors(c.channels),
      body: ({ suffix }) => `set_dx${suffix}(part * ${images.x}u + row * ${c.channels}u + column, value);`,
    },
    code: foldedInputGradientCode(c),
  });
}

/** activation(z) of each phase: the small patches [R H W, taps · C] times the phase's entries [taps · C, O], stored in the large image. */
function forwardProduct({ c, ...geometry }: Folded, activation: Activation, biasAt: number, float16: boolean) {
  const [leftVector, rightVector] = [inVectors(c.channels), inVectors(c.outputs)];
  return product({
    name: 'resize-convolution',
    bindings: {
      x: reading(leftVector),
      folded: reading(rightVector),
      parameters: reading(rightVector),
      out: 'read_write',
    },
    m: geometry.pixels,
    n: c.outputs,
    k: geometry.most,
    phases: c.scale ** 2,
    varying: true,
    float16,
    operands: geometry.images.x + geometry.size,
    pairs: geometry.pixels * c.outputs * geometry.inner,
    left: {
      alongInner: true,
      vector: leftVector,
      body: ({ suffix }) => `return image_patch${suffix}(row, inner, phase);`,
    },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) =>
        `return folded${suffix}(folded_at(entries_of(phase, inner / ${c.channels}u), inner % ${c.channels}u, column));`,
    },
    result: {
      bindings: ['out'],
      vector: rightVector,
      body: ({ suffix }) =>
        `set_out${suffix}(large(row, column, phase), activate${suffix}(value + parameters${suffix}(${biasAt}u + column)));`,
    },
    code: `${activationForms(activation, rightVector)}
${foldedPatches(c)}
${largePlace(c)}
fn rowsOf(phase: u32) -> u32 { return ${geometry.pixels}u; }
fn innerOf(phase: u32) -> u32 { return taps_of(phase) * ${c.channels}u; }`,
  });
}

/** The folded kernel's gradient, phase by phase: the small patches' transpose [taps · C, R H W] times dz [R H W, O], perhaps in parts. */
function foldedGradientProduct({ c, size, pixels, most, inner, images }: Folded) {
  const [leftVector, rightVector] = [inVectors(c.channels), inVectors(c.outputs)];
  return product({
    name: 'resize-convolution weight gradient',
    bindings: { x: reading(leftVector), dz: reading(rightVector), out: 'read_write' },
    m: most,
    n: c.outputs,
    k: pixels,
    phases: c.scale ** 2,
    varying: true,
    mostParts: Number.POSITIVE_INFINITY,
    operands: images.x + images.z,
    pairs: pixels * c.outputs * inner,
    left: {
      alongInner: false,
      vector: leftVector,
      body: ({ suffix }) => `return image_patch${suffix}(inner, row, phase);`,
    },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return dz${suffix}(large(inner, column, phase));`,
    },
    code: `${foldedPatches(c)}
${largePlace(c)}
fn rowsOf(phase: u32) -> u32 { return taps_of(phase) * ${c.channels}u; }
fn innerOf(phase: u32) -> u32 { return ${pixels}u; }`,
    result: accumulate(
      rightVector,
      `part * ${size}u + folded_at(entries_of(phase, row / ${c.channels}u), row % ${c.channels}u, column)`,
    ),
  });
}

/** The folded kernel's gradient is summed up step by step; after all steps it gives that of the weights. */
function weightGradient(context: Context, geometry: Folded, x: Slots, dz: Slots, out: View): WeightGradient {
  const { builder, steps } = context;
  const { c, size } = geometry;
  const { kernel, groups, parts } = foldedGradientProduct(geometry);
  const partial: View = { storage: builder.storage('folded kernel gradient', parts * size), offset: 0 };
  const count = c.kernel ** 2 * c.channels * c.outputs;
  return {
    step(step) {
      const starts = Number(step === steps - 1);
      const views = { x: slot(x, step), dz: slot(dz, step), out: partial };
      builder.dispatch(kernel, views, { groups, arguments: { starts } });
    },
    finish: () => builder.dispatch(unfoldGradient(c, parts), { partial, out }, { groups: cover(count) }),
  };
}
