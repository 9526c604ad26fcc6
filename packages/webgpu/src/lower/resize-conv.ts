/**
 * A resizeConv layer as launches: an enlargement of the image [H, W, C] by nearest neighbour, s = `scale` times along each axis, and a
 * convolution with W [k, k, C, O] and b [O]. `kernels/folded.ts` says how both become products on the small image, with the folded kernel
 * F [entries, entries, C, O] in the place of W. A step has R = batch · components images. The launches are:
 *
 *     once        F from W
 *     forward     activation(z) [R, sH, sW, O] from x [R, H, W, C] and F
 *     backward    dx [R, H, W, C] from dz and F, and each step's share of dF from x and dz
 *     at the end  dW from dF
 *
 * The outputs of one phase, every s-th pixel of the large image along each axis, all meet the same entries of F. So forward and dF are one
 * matrix product for each of the s² phases, all in one launch: a phase is a layer of the grid along z. Phases have different numbers of taps;
 * `rowsOf` and `innerOf` tell the kernel where a phase's product ends.
 */

import { type Activation, elements, type LayerShape, type ResizeConvSpec } from '@nem/core';
import { type ConvolutionShape, convolutionShape } from '../kernels/convolution.js';
import {
  foldedAxis,
  foldedInputGradientCode,
  foldedInputGradientOperands,
  foldedPatches,
  foldKernel,
  outputPlace,
  unfoldGradient,
} from '../kernels/folded.js';
import { activationForms } from '../kernels/formulas.js';
import { type Form, inVectors, reading } from '../kernels/operand.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import type { Affine } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { accumulate, type WeightGradient } from './sums.js';

/** Sizes of a folded resize-convolution. */
interface Folded {
  readonly geometry: ConvolutionShape;
  /** R H W: pixels of a step's small images. */
  readonly pixels: number;
  /** Entries of the folded kernel along an axis. */
  readonly entries: number;
  /** Elements of the folded kernel. */
  readonly kernelSize: number;
  /** taps · C of the phase with most taps: the inner elements of its forward product, and the rows of its product for dF. */
  readonly mostPatch: number;
  /** taps · C of all phases together. */
  readonly allPatches: number;
  /** Elements of a step's small images x, and of its large ones z. */
  readonly images: { readonly x: number; readonly z: number };
}

function foldedSizes({ rows }: Context, shape: LayerShape<ResizeConvSpec>): Folded {
  const geometry = convolutionShape(shape, { stride: 1, scale: shape.spec.scale ?? 2 });
  const { kernel, scale, height, width, channels, outputs } = geometry;
  const { entries, phaseSize } = foldedAxis(kernel, scale);
  return {
    geometry,
    pixels: rows * height * width,
    entries,
    kernelSize: entries ** 2 * channels * outputs,
    mostPatch: Math.max(...phaseSize) ** 2 * channels,
    allPatches: entries ** 2 * channels,
    images: { x: rows * elements(shape.inputShape), z: rows * elements(shape.outputShape) },
  };
}

/** The affine map of a resizeConv layer. */
export function resizeConvAffine(context: Context, shape: LayerShape<ResizeConvSpec>, x: Slots): Affine {
  const { builder, float16 } = context;
  const sizes = foldedSizes(context, shape);
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const folded: View = { storage: builder.storage(`${shape.name} folded kernel`, sizes.kernelSize), offset: 0 };
  builder.dispatch(
    foldKernel(sizes.geometry, weightsAt),
    { parameters: parameters(context), folded },
    { groups: cover(sizes.kernelSize) },
  );
  return {
    forward(activation) {
      const biasAt = context.parameterAt(`${shape.name}.bias`);
      const { kernel, groups } = forwardProduct(sizes, activation, biasAt, float16);
      const write = (step: number, out: View) =>
        builder.dispatch(kernel, { x: slot(x, step), folded, parameters: parameters(context), out }, { groups });
      return { parts: 1, write };
    },
    inputGradient(mostParts) {
      const { kernel, groups, parts } = inputGradientProduct(sizes, mostParts);
      return (dz) => {
        const dx = { ...builder.scratch(parts * sizes.images.x), parts };
        builder.dispatch(kernel, { dz, folded, dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) => weightGradient(context, sizes, x, dz, gradient(context, `${shape.name}.weights`)),
  };
}

/** activation(z) of each phase: the phase's patches of x [R H W, taps · C] times its entries of F [taps · C, O]. */
function forwardProduct(sizes: Folded, activation: Activation, biasAt: number, float16: boolean) {
  const { geometry, pixels, kernelSize, mostPatch, allPatches, images } = sizes;
  const { channels, outputs, scale } = geometry;
  const [leftVector, rightVector] = [inVectors(channels), inVectors(outputs)];
  const right = reading(rightVector);
  const entries = phaseEntries(geometry);
  return product({
    name: 'resize-convolution',
    bindings: { x: reading(leftVector), folded: reading(entries.vector), parameters: right, out: 'read_write' },
    m: pixels,
    n: outputs,
    k: mostPatch,
    phases: scale ** 2,
    varying: true,
    float16,
    operands: images.x + kernelSize,
    pairs: pixels * outputs * allPatches,
    left: {
      alongInner: true,
      vector: leftVector,
      body: ({ suffix }) => `return image_patch${suffix}(row, inner, phase);`,
    },
    right: entries,
    result: {
      bindings: ['out'],
      vector: rightVector,
      body: ({ suffix }) =>
        `set_out${suffix}(output_at(row, column, phase), activate${suffix}(value + parameters${suffix}(${biasAt}u + column)));`,
    },
    code: `${activationForms(activation, rightVector)}
${phaseCode(geometry, { rows: `${pixels}u`, inner: `taps_of(phase) * ${channels}u` })}`,
  });
}

/** A phase's entries of F, [taps · C, O]. With one output, memory runs along the channels. */
const phaseEntries = ({ channels, outputs }: ConvolutionShape) => ({
  alongInner: outputs === 1,
  vector: inVectors(outputs === 1 ? channels : outputs),
  body: ({ suffix }: Form) =>
    `return folded${suffix}(folded_at(entries_of(phase, inner / ${channels}u), inner % ${channels}u, column));`,
});

/** WGSL: what the products by phase call. @param ends the numbers of a phase's rows and inner elements, in WGSL */
const phaseCode = (geometry: ConvolutionShape, ends: { readonly rows: string; readonly inner: string }) =>
  `${foldedPatches(geometry)}
${outputPlace(geometry)}
fn rowsOf(phase: u32) -> u32 { return ${ends.rows}; }
fn innerOf(phase: u32) -> u32 { return ${ends.inner}; }`;

/** dx [R H W, C], perhaps in parts. It needs no phases: each small pixel meets every entry of F once, [entries · entries · O, C]. */
function inputGradientProduct({ geometry, pixels, entries, kernelSize, images }: Folded, mostParts: number) {
  const { channels, outputs } = geometry;
  const vector = inVectors(outputs);
  return product({
    name: 'resize-convolution input gradient',
    bindings: { dz: reading(vector), folded: reading(vector), dx: 'read_write' },
    m: pixels,
    n: channels,
    k: entries ** 2 * outputs,
    mostParts,
    operands: images.z + kernelSize,
    ...foldedInputGradientOperands(geometry),
    result: {
      bindings: ['dx'],
      vector: inVectors(channels),
      body: ({ suffix }) => `set_dx${suffix}(part * ${images.x}u + row * ${channels}u + column, value);`,
    },
    code: foldedInputGradientCode(geometry),
  });
}

/** dF of each phase, perhaps in parts: the transpose of the phase's patches of x [taps · C, R H W] times its dz [R H W, O]. */
function foldedGradientProduct({ geometry, pixels, kernelSize, mostPatch, allPatches, images }: Folded) {
  const { channels, outputs, scale } = geometry;
  const [leftVector, rightVector] = [inVectors(channels), inVectors(outputs)];
  return product({
    name: 'resize-convolution weight gradient',
    bindings: { x: reading(leftVector), dz: reading(rightVector), out: 'read_write' },
    m: mostPatch,
    n: outputs,
    k: pixels,
    phases: scale ** 2,
    varying: true,
    mostParts: Number.POSITIVE_INFINITY,
    operands: images.x + images.z,
    pairs: pixels * outputs * allPatches,
    left: {
      alongInner: false,
      vector: leftVector,
      body: ({ suffix }) => `return image_patch${suffix}(inner, row, phase);`,
    },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return dz${suffix}(output_at(inner, column, phase));`,
    },
    result: accumulate(
      rightVector,
      `part * ${kernelSize}u + folded_at(entries_of(phase, row / ${channels}u), row % ${channels}u, column)`,
    ),
    code: phaseCode(geometry, { rows: `taps_of(phase) * ${channels}u`, inner: `${pixels}u` }),
  });
}

/** dF is summed up step by step, from the last step to the first; after all steps it gives dW. */
function weightGradient(context: Context, sizes: Folded, x: Slots, dz: Slots, out: View): WeightGradient {
  const { builder, steps } = context;
  const { geometry, kernelSize } = sizes;
  const { kernel, groups, parts } = foldedGradientProduct(sizes);
  const partial: View = { storage: builder.storage('folded kernel gradient', parts * kernelSize), offset: 0 };
  const count = geometry.kernel ** 2 * geometry.channels * geometry.outputs;
  return {
    step(step) {
      const starts = Number(step === steps - 1);
      const views = { x: slot(x, step), dz: slot(dz, step), out: partial };
      builder.dispatch(kernel, views, { groups, arguments: { starts } });
    },
    finish: () => builder.dispatch(unfoldGradient(geometry, parts), { partial, out }, { groups: cover(count) }),
  };
}
