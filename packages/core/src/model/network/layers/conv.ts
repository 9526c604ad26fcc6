import { convolution } from '../../forward/convolution.js';
import { count, flag, optional } from '../../spec-check.js';
import { type Activation, activation } from '../activation-names.js';
import type { LayerType } from '../layer-type.js';
import { samePadding } from '../padding.js';
import { affineParameters } from '../parameter-spec.js';
import { requireImage } from '../requirements.js';
import { elements } from '../sample-shape.js';

/** A convolution of an image with TensorFlow's SAME padding, then layer norm where asked for, then the activation. */
export interface ConvSpec {
  readonly type: 'conv';
  /** Output channels. */
  readonly size: number;
  /** Height and width of the kernel in pixels. */
  readonly kernel: number;
  /** Pixels between outputs. Default 1. */
  readonly stride?: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** [height, width, channels] becomes [⌈height / stride⌉, ⌈width / stride⌉, size] (method, section 4). */
export const conv: LayerType<ConvSpec> = {
  fields: { size: count, kernel: count, stride: optional(count), activation, layerNorm: optional(flag) },
  place(name, { size, kernel, stride = 1, layerNorm }, inputShape) {
    requireImage(name, inputShape);
    const [height, width, channels] = inputShape;
    const outputShape = [Math.ceil(height / stride), Math.ceil(width / stride), size];
    return {
      outputShape,
      parameters: affineParameters(name, [kernel, kernel, channels, size], layerNorm),
      products: elements(outputShape) * kernel ** 2 * channels,
    };
  },
  forward(layer, parameters) {
    const { kernel, stride = 1 } = layer.spec;
    const [height = 0, width = 0] = layer.inputShape;
    const before = [samePadding(height, kernel, stride)[0], samePadding(width, kernel, stride)[0]] as const;
    return convolution(layer, parameters, { kernel, stride, scale: 1, before });
  },
};
