import type { Activation } from '../activation-names.js';
import type { LayerType } from '../layer-type.js';
import { affineParameters } from '../parameter-spec.js';
import { requireActivation, requireImage, requireSize } from '../requirements.js';

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
  place(name, { size, kernel, stride = 1, activation, layerNorm }, inputShape) {
    requireActivation(name, activation);
    requireSize(name, 'size', size);
    requireSize(name, 'kernel', kernel);
    requireSize(name, 'stride', stride);
    requireImage(name, inputShape);
    const [height, width, channels] = inputShape;
    return {
      outputShape: [Math.ceil(height / stride), Math.ceil(width / stride), size],
      parameters: affineParameters(name, [kernel, kernel, channels, size], layerNorm),
    };
  },
};
