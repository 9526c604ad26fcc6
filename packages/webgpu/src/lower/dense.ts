import { type DenseSpec, elements, type LayerShape } from '@nem/core';
import { inVectors, reading } from '../kernels/operand.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import type { Affine } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { matrixProduct } from './matrix.js';
import { type GradientSpec, weightGradient } from './sums.js';

/** The affine map of a dense layer: x W + b of x [rows, in] and W [in, out]. */
export function denseAffine(context: Context, shape: LayerShape<DenseSpec>, x: Slots): Affine {
  const { builder, rows, steps, float16 } = context;
  const [inputs, outputs] = [elements(shape.inputShape), elements(shape.outputShape)];
  const at = context.parameterAt(`${shape.name}.weights`);
  const biasAt = context.parameterAt(`${shape.name}.bias`);
  return {
    forward(activation, mostParts) {
      const size = { rows, inputs, outputs, at, biasAt };
      const { kernel, groups, parts } = matrixProduct({ name: 'dense', ...size, activation, float16, mostParts });
      const write = (step: number, out: View) =>
        builder.dispatch(kernel, { x: slot(x, step), parameters: parameters(context), out }, { groups });
      return { parts, write };
    },
    inputGradient(mostParts) {
      const name = 'dense input gradient';
      const size = { rows, inputs: outputs, outputs: inputs, at, transposed: true };
      const { kernel, groups, parts } = matrixProduct({ name, ...size, mostParts });
      return (dz) => {
        const dx = { ...builder.scratch(parts * rows * inputs), parts };
        builder.dispatch(kernel, { x: dz, parameters: parameters(context), out: dx }, { groups });
        return dx;
      };
    },
    weightGradient: (dz) =>
      weightGradient(
        context,
        weightGradientSpec(inputs, outputs, steps * rows),
        { x: slot(x, 0), dz: slot(dz, 0) },
        gradient(context, `${shape.name}.weights`),
      ),
  };
}

/** dW [in, out] = xᵀ dz, [in, steps · rows] × [steps · rows, out]: the rows of all steps are the inner dimension of one product. */
function weightGradientSpec(inputs: number, outputs: number, rows: number): GradientSpec<'x' | 'dz'> {
  const [leftVector, rightVector] = [inVectors(inputs), inVectors(outputs)];
  return {
    name: 'dense weight gradient',
    bindings: { x: reading(leftVector), dz: reading(rightVector) },
    m: inputs,
    n: outputs,
    k: rows,
    left: {
      alongInner: false,
      vector: leftVector,
      body: ({ suffix }) => `return x${suffix}(inner * ${inputs}u + row);`,
    },
    right: {
      alongInner: false,
      vector: rightVector,
      body: ({ suffix }) => `return dz${suffix}(inner * ${outputs}u + column);`,
    },
  };
}
