import { type ConvSpec, elements, type LayerShape } from '@nem/core';
import {
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
import { stepwiseGradient } from './sums.js';

/** A convolution as an implicit product over patches. */
export function convAffine(context: Context, shape: LayerShape<ConvSpec>, x: Slots): Affine {
  const { builder, rows, float16 } = context;
  const c = convolutionShape(shape, { stride: shape.spec.stride ?? 1, scale: 1 });
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const biasAt = context.parameterAt(`${shape.name}.bias`);
  const taps = c.kernel ** 2 * c.channels;
  const places = c.outHeight * c.outWidth;
  const [leftVector, rightVector] = [inVectors(c.channels), inVectors(c.outputs)];
  const images = { x: rows * elements(shape.inputShape), z: rows * elements(shape.outputShape) };
  return {
    forward(activation, mostParts) {
      const { kernel, groups, parts } = product({
        name: 'convolution',
        bindings: { x: reading(leftVector), parameters: reading(rightVector), out: 'read_write' },
        m: rows * places,
        n: c.outputs,
        k: taps,
        float16,
        mostParts,
        operands: images.x + taps * c.outputs,
        left: {
          alongInner: true,
          vector: leftVector,
          body: ({ suffix }) => `return image_patch${suffix}(row, inner);`,
        },
        right: {
          alongInner: false,
          vector: rightVector,
          body: ({ suffix }) => `return parameters${suffix}(${weightsAt}u + inner * ${c.outputs}u + column);`,
        },
        result: {
          bindings: ['out'],
          vector: rightVector,
          body: (form) =>
            `set_out${form.suffix}(part * ${images.z}u + row * ${c.outputs}u + column, activate${form.suffix}(value + ${biasOnce(biasAt, form)}));`,
        },
        code: `${activationForms(activation, rightVector)}
${patches(c)}`,
      });
      const write = (step: number, out: View) =>
        builder.dispatch(kernel, { x: slot(x, step), parameters: parameters(context), out }, { groups });
      return { parts, write };
    },
    inputGradient(mostParts) {
      const [height, width] = phaseSize(c);
      const { kernel, groups, parts } = product({
        name: 'convolution input gradient',
        bindings: { dz: reading(rightVector), parameters: reading(rightVector), dx: 'read_write' },
        m: rows * height * width,
        n: c.channels,
        k: tapsOfPhase(c) ** 2 * c.outputs,
        phases: c.stride ** 2,
        mostParts,
        operands: images.z + taps * c.outputs,
        ...inputGradientOperands(c, weightsAt),
        result: inputGradientResult(c, images.x),
        code: inputGradientCode(c),
      });
      return (dz) => {
        const dx = { ...builder.scratch(parts * images.x), parts };
        builder.dispatch(kernel, { dz, parameters: parameters(context), dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) =>
      stepwiseGradient(
        context,
        {
          name: 'convolution weight gradient',
          bindings: { x: reading(leftVector), dz: reading(rightVector) },
          m: taps,
          n: c.outputs,
          k: rows * places,
          operands: images.x + images.z,
          left: {
            alongInner: false,
            vector: leftVector,
            body: ({ suffix }) => `return image_patch${suffix}(inner, row);`,
          },
          right: {
            alongInner: false,
            vector: rightVector,
            body: ({ suffix }) => `return dz${suffix}(inner * ${c.outputs}u + column);`,
          },
          code: patches(c),
        },
        (step) => ({ x: slot(x, step), dz: slot(dz, step) }),
        gradient(context, `${shape.name}.weights`),
      ),
  };
}
