import { affineRow, affineWeights } from '../../forward/affine.js';
import { eachSample } from '../../forward/each-sample.js';
import { normActivation } from '../../forward/norm-activation.js';
import { count, flag, optional } from '../../spec-check.js';
import { type Activation, activation } from '../activation-names.js';
import type { LayerType } from '../layer-type.js';
import { NetworkError } from '../network-error.js';
import { affineParameters } from '../parameter-spec.js';

/** An affine map of a flat input, then layer norm where asked for, then the activation. */
export interface DenseSpec {
  readonly type: 'dense';
  /** Number of outputs. */
  readonly size: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** y = activation(norm(x W + b)): [in] becomes [size] (method, section 4). */
export const dense: LayerType<DenseSpec> = {
  fields: { size: count, activation, layerNorm: optional(flag) },
  place(name, spec, inputShape) {
    const [inputs, ...others] = inputShape;
    if (inputs === undefined || others.length > 0) {
      throw new NetworkError(
        `${name} is dense but its input is [${inputShape.join(', ')}]: put a flatten layer before it.`,
      );
    }
    return {
      outputShape: [spec.size],
      parameters: affineParameters(name, [inputs, spec.size], spec.layerNorm),
      products: inputs * spec.size,
    };
  },
  forward(layer, parameters) {
    const { weights, bias } = affineWeights(layer.name, parameters);
    const finish = normActivation(layer.name, layer.spec, parameters);
    const z = new Float64Array(layer.spec.size);
    return eachSample(layer, (x, y) => {
      affineRow(x, weights, bias, z);
      finish(z, y);
    });
  },
};
