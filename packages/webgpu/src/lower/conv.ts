/**
 * A convolution as launches: W [k, k, C, O] and b [O] on images [H, W, C] with SAME padding. A step has R = batch · components images. Each of
 * its three launches is a matrix product whose operands are read from the images as if the patches stood in a matrix (an implicit im2col): no
 * matrix of patches is written. With P = H′ · W′ outputs of an image:
 *
 *     forward           activation(z) [R P, O]   = patches of x [R P, k k C] × W [k k C, O]
 *     input gradient    dx [R H W, C]            = patches of dz × the weights that meet them, by phase: see `kernels/convolution.ts`
 *     weight gradient   dW [k k C, O]            = transposed patches of x [k k C, R P] × dz [R P, O], of each step
 */

import { type Activation, type ConvSpec, elements, type LayerShape } from '@nem/core';
import {
  type ConvolutionShape,
  convolutionShape,
  inputGradientCode,
  inputGradientOperands,
  inputGradientResult,
  patches,
  phaseSize,
  tapsOfPhase,
} from '../kernels/convolution.js';
import { activationForms } from '../kernels/formulas.js';
import { biasOnce, inVectors, reading } from '../kernels/operand.js';
import { product } from '../kernels/product.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import type { Affine } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { type GradientSpec, stepwiseGradient } from './sums.js';

/** Sizes of a convolution in a network. */
interface Sizes {
  readonly geometry: ConvolutionShape;
  /** R: images of a step. */
  readonly rows: number;
  /** Elements of a step's images x and z. */
  readonly images: { readonly x: number; readonly z: number };
  /** Where the weights and the bias stand among the parameters. */
  readonly weightsAt: number;
  readonly biasAt: number;
}

/** Elements of a patch: k k C. */
const patchSize = ({ kernel, channels }: ConvolutionShape) => kernel ** 2 * channels;

/** The affine map of a conv layer. */
export function convAffine(context: Context, shape: LayerShape<ConvSpec>, x: Slots): Affine {
  const { builder, rows, float16 } = context;
  const sizes: Sizes = {
    geometry: convolutionShape(shape, { stride: shape.spec.stride ?? 1, scale: 1 }),
    rows,
    images: { x: rows * elements(shape.inputShape), z: rows * elements(shape.outputShape) },
    weightsAt: context.parameterAt(`${shape.name}.weights`),
    biasAt: context.parameterAt(`${shape.name}.bias`),
  };
  return {
    forward(activation, mostParts) {
      const { kernel, groups, parts } = forwardProduct(sizes, activation, float16, mostParts);
      const write = (step: number, out: View) =>
        builder.dispatch(kernel, { x: slot(x, step), parameters: parameters(context), out }, { groups });
      return { parts, write };
    },
    inputGradient(mostParts) {
      const { kernel, groups, parts } = inputGradientProduct(sizes, mostParts);
      return (dz) => {
        const dx = { ...builder.scratch(parts * sizes.images.x), parts };
        builder.dispatch(kernel, { dz, parameters: parameters(context), dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) =>
      stepwiseGradient(
        context,
        weightGradientSpec(sizes),
        (step) => ({ x: slot(x, step), dz: slot(dz, step) }),
        gradient(context, `${shape.name}.weights`),
      ),
  };
}

/** activation(z), perhaps in parts. */
function forwardProduct(sizes: Sizes, activation: Activation, float16: boolean, mostParts: number | undefined) {
  const { geometry, rows, images, weightsAt, biasAt } = sizes;
  const { outHeight, outWidth, channels, outputs } = geometry;
  const [leftVector, rightVector] = [inVectors(channels), inVectors(outputs)];
  return product({
    name: 'convolution',
    bindings: { x: reading(leftVector), parameters: reading(rightVector), out: 'read_write' },
    m: rows * outHeight * outWidth,
    n: outputs,
    k: patchSize(geometry),
    float16,
    mostParts,
    operands: images.x + patchSize(geometry) * outputs,
    left: { alongInner: true, vector: leftVector, body: ({ suffix }) => `return image_patch${suffix}(row, inner);` },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return parameters${suffix}(${weightsAt}u + inner * ${outputs}u + column);`,
    },
    result: {
      bindings: ['out'],
      vector: rightVector,
      body: (form) =>
        `set_out${form.suffix}(part * ${images.z}u + row * ${outputs}u + column, activate${form.suffix}(value + ${biasOnce(biasAt, form)}));`,
    },
    code: `${activationForms(activation, rightVector)}
${patches(geometry)}`,
  });
}

/** dx, perhaps in parts. */
function inputGradientProduct({ geometry, rows, images, weightsAt }: Sizes, mostParts: number) {
  const { channels, outputs, stride } = geometry;
  const [height, width] = phaseSize(geometry);
  const vector = inVectors(outputs);
  return product({
    name: 'convolution input gradient',
    bindings: { dz: reading(vector), parameters: reading(vector), dx: 'read_write' },
    m: rows * height * width,
    n: channels,
    k: tapsOfPhase(geometry) ** 2 * outputs,
    phases: stride ** 2,
    mostParts,
    operands: images.z + patchSize(geometry) * outputs,
    ...inputGradientOperands(geometry, weightsAt),
    result: inputGradientResult(geometry, images.x),
    code: inputGradientCode(geometry),
  });
}

/** dW of a step. */
function weightGradientSpec({ geometry, rows, images }: Sizes): GradientSpec<'x' | 'dz'> {
  const { outHeight, outWidth, channels, outputs } = geometry;
  const [leftVector, rightVector] = [inVectors(channels), inVectors(outputs)];
  return {
    name: 'convolution weight gradient',
    bindings: { x: reading(leftVector), dz: reading(rightVector) },
    m: patchSize(geometry),
    n: outputs,
    k: rows * outHeight * outWidth,
    operands: images.x + images.z,
    left: { alongInner: false, vector: leftVector, body: ({ suffix }) => `return image_patch${suffix}(inner, row);` },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return dz${suffix}(inner * ${outputs}u + column);`,
    },
    code: patches(geometry),
  };
}
