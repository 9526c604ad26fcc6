import { convolution } from '../../forward/convolution.js';
import { count, flag, optional } from '../../spec-check.js';
import { type Activation, activation } from '../activation-names.js';
import type { LayerType } from '../layer-type.js';
import { samePadding } from '../padding.js';
import { affineParameters } from '../parameter-spec.js';
import { requireImage } from '../requirements.js';
import { elements } from '../sample-shape.js';

/**
 * Enlargement by nearest neighbour, then a convolution with stride 1 and SAME padding, then layer norm where asked for, then the
 * activation.
 */
export interface ResizeConvSpec {
  readonly type: 'resizeConv';
  /** Output channels. */
  readonly size: number;
  /** Height and width of the kernel in pixels of the enlarged image. */
  readonly kernel: number;
  /** Factor of enlargement, 1 or more. Default 2. */
  readonly scale?: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** [height, width, channels] becomes [height · scale, width · scale, size] (method, section 4). */
export const resizeConv: LayerType<ResizeConvSpec> = {
  fields: { size: count, kernel: count, scale: optional(count), activation, layerNorm: optional(flag) },
  place(name, { size, kernel, scale = 2, layerNorm }, inputShape) {
    requireImage(name, inputShape);
    const [height, width, channels] = inputShape;
    const outputShape = [height * scale, width * scale, size];
    return {
      outputShape,
      parameters: affineParameters(name, [kernel, kernel, channels, size], layerNorm),
      products: elements(outputShape) * kernel ** 2 * channels,
    };
  },
  forward(layer, parameters) {
    const { kernel, scale = 2 } = layer.spec;
    // SAME padding at stride 1 does not depend on the size.
    const [before] = samePadding(kernel, kernel, 1);
    return convolution(layer, parameters, { kernel, stride: 1, scale, before: [before, before] });
  },
};
