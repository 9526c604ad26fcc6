import { elements, type LayerShape } from '@nem/core/spec';
import { activationCode } from '../kernels/activation.js';
import { convolutionShape, inputGradientCode, patches, tapsOfPhase } from '../kernels/convolution.js';
import { product } from '../kernels/product.js';
import { type Slots, slot } from '../plan/builder.js';
import type { Affine } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { stepwiseGradient } from './sums.js';

/** A convolution as an implicit product over patches. */
export function convAffine(context: Context, shape: LayerShape, x: Slots): Affine {
  const { builder, rows, float16 } = context;
  const c = convolutionShape(shape);
  const weightsAt = context.parameterAt(`${shape.name}.weights`);
  const biasAt = context.parameterAt(`${shape.name}.bias`);
  const taps = c.kernel ** 2 * c.channels;
  const places = c.outHeight * c.outWidth;
  const images = { x: rows * elements(shape.inputShape), z: rows * elements(shape.outputShape) };
  return {
    forward(activation) {
      const { kernel, groups } = product({
        name: 'convolution',
        buffers: { x: 'read', parameters: 'read', out: 'read_write' },
        m: rows * places,
        n: c.outputs,
        k: taps,
        float16,
        operands: images.x + taps * c.outputs,
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
        operands: images.z + taps * c.outputs,
        leftAlongInner: true,
        rightAlongColumns: false,
        code: inputGradientCode(c, weightsAt),
      });
      const dx = builder.scratch(images.x);
      builder.dispatch(kernel, [dz, parameters(context), dx], groups);
      return dx;
    },
    weightGradient: (dz) =>
      stepwiseGradient(
        context,
        {
          name: 'convolution weight gradient',
          buffers: { x: 'read', dz: 'read' },
          m: taps,
          n: c.outputs,
          k: rows * places,
          operands: images.x + images.z,
          leftAlongInner: false,
          rightAlongColumns: true,
          code: `${patches(c)}
fn left(row: u32, inner: u32, phase: u32) -> f32 { return image_patch(inner, row); }
fn right(inner: u32, column: u32, phase: u32) -> f32 { return dz(inner * ${c.outputs}u + column); }`,
        },
        (step) => [slot(x, step), slot(dz, step)],
        gradient(context, `${shape.name}.weights`),
      ),
  };
}
