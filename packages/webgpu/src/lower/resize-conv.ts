import { type Activation, elements, type LayerShape } from '@nem/core/spec';
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

/** An enlargement and a convolution, folded: phase by phase of the outputs, on the small image. */
interface Folded {
  readonly c: ConvolutionShape;
  /** Pixels of the small images of a step. */
  readonly pixels: number;
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
  const { c, size } = geometry;
  const vector = inVectors(c.outputs);
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const kernels: View = { storage: builder.storage(`${shape.name} folded kernel`, size), offset: 0 };
  builder.dispatch(
    foldKernel(c, weightsAt),
    { parameters: parameters(context), folded: kernels },
    { groups: cover(size) },
  );
  return {
    forward(activation) {
      const biasAt = context.parameterAt(`${shape.name}.bias`);
      const { kernel, groups } = forwardProduct(geometry, activation, biasAt, context.float16);
      const write = (step: number, out: View) =>
        builder.dispatch(
          kernel,
          { x: slot(x, step), folded: kernels, parameters: parameters(context), out },
          { groups },
        );
      return { parts: 1, write };
    },
    inputGradient(mostParts) {
      const { kernel, groups, parts } = product({
        name: 'resize-convolution input gradient',
        bindings: { dz: reading(vector), folded: reading(vector), dx: 'read_write' },
        m: geometry.pixels,
        n: c.channels,
        k: geometry.entries ** 2 * c.outputs,
        mostParts,
        operands: geometry.images.z + size,
        ...foldedInputGradientOperands(c),
        result: {
          bindings: ['dx'],
          vector: inVectors(c.channels),
          body: ({ suffix }) => `set_dx${suffix}(part * ${geometry.images.x}u + row * ${c.channels}u + column, value);`,
        },
        code: foldedInputGradientCode(c),
      });
      return (dz) => {
        const dx = { ...builder.scratch(parts * geometry.images.x), parts };
        builder.dispatch(kernel, { dz, folded: kernels, dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) => weightGradient(context, geometry, x, dz, gradient(context, `${shape.name}.weights`)),
  };
}

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

function weightGradient(context: Context, geometry: Folded, x: Slots, dz: Slots, out: View): WeightGradient {
  const { builder, steps } = context;
  const { c, size, pixels, most } = geometry;
  const [leftVector, rightVector] = [inVectors(c.channels), inVectors(c.outputs)];
  const { kernel, groups, parts } = product({
    name: 'resize-convolution weight gradient',
    bindings: { x: reading(leftVector), dz: reading(rightVector), out: 'read_write' },
    m: most,
    n: c.outputs,
    k: pixels,
    phases: c.scale ** 2,
    varying: true,
    mostParts: Number.POSITIVE_INFINITY,
    operands: geometry.images.x + geometry.images.z,
    pairs: pixels * c.outputs * geometry.inner,
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
  const partial: View = { storage: builder.storage('folded kernel gradient', parts * size), offset: 0 };
  const count = c.kernel ** 2 * c.channels * c.outputs;
  return {
    step: (step) =>
      builder.dispatch(
        kernel,
        { x: slot(x, step), dz: slot(dz, step), out: partial },
        { groups, arguments: { starts: Number(step === steps - 1) } },
      ),
    finish: () => builder.dispatch(unfoldGradient(c, parts), { partial, out }, { groups: cover(count) }),
  };
}
