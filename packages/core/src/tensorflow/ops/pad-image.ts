import * as tf from '@tensorflow/tfjs-core';

/** Zeros around an image, or rows and columns cut from it where negative. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Padding as TensorFlow.js's kernels take it, by axis of [N, H, W, C]. */
type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** Adds zeros where an amount is positive and cuts where it is negative. */
export function padImage(x: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  const padded = tf.pad(x, [
    [0, 0],
    [Math.max(top, 0), Math.max(bottom, 0)],
    [Math.max(left, 0), Math.max(right, 0)],
    [0, 0],
  ]);
  if (Math.min(top, bottom, left, right) >= 0) return padded;
  const cut = (amount: number) => Math.max(-amount, 0);
  const [batch, height, width, channels] = padded.shape;
  return tf.slice(
    padded,
    [0, cut(top), cut(left), 0],
    [batch, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels],
  );
}

/** The padding that takes {@link padImage} back. */
export const negative = ({ top, bottom, left, right }: Padding): Padding => ({
  top: -top,
  bottom: -bottom,
  left: -left,
  right: -right,
});

/** What the backend's own convolution kernels take. */
export function kernelAttributes(stride: number, pad: ExplicitPadding | 'valid'): tf.NamedAttrMap {
  return { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1] };
}
