import * as tf from '@tensorflow/tfjs-core';
import { type Phase, phases } from '../network/padding.js';
import { convolve, convolveInputGradient, convolveKernelGradient, type Padding } from './convolution.js';

/** [rows·columns of the small kernel, taps of the kernel]: the Kronecker product of both axes' taps. */
function tapMatrix(vertical: Phase, horizontal: Phase, kernel: number): tf.Tensor2D {
  const values = new Float32Array(vertical.size * horizontal.size * kernel * kernel);
  for (let a = 0, i = 0; a < vertical.size; a++) {
    for (let b = 0; b < horizontal.size; b++) {
      for (let u = 0; u < kernel; u++) {
        for (let v = 0; v < kernel; v++, i++) {
          values[i] = vertical.taps[a * kernel + u] * horizontal.taps[b * kernel + v];
        }
      }
    }
  }
  return tf.tensor2d(values, [vertical.size * horizontal.size, kernel * kernel]);
}

interface PhasePair {
  readonly row: number;
  readonly column: number;
  readonly padding: Padding;
  readonly size: readonly [number, number];
  readonly matrix: tf.Tensor2D;
}

function phasePairs(kernel: number, scale: number): PhasePair[] {
  const axis = phases(kernel, scale);
  return axis.flatMap((vertical, row) =>
    axis.map((horizontal, column) => ({
      row,
      column,
      padding: { top: vertical.before, bottom: vertical.after, left: horizontal.before, right: horizontal.after },
      size: [vertical.size, horizontal.size] as const,
      matrix: tapMatrix(vertical, horizontal, kernel),
    })),
  );
}

/** The small kernel [rows, columns, C, O] of a phase. */
function smallKernel(kernel: tf.Tensor4D, { matrix, size }: PhasePair): tf.Tensor4D {
  const [height, width, channels, outputs] = kernel.shape;
  const product = tf.matMul(matrix, tf.reshape(kernel, [height * width, channels * outputs]) as tf.Tensor2D);
  return tf.reshape(product, [size[0], size[1], channels, outputs]);
}

/** The phases' images [N, H, W, O], row by row of phases, as one image [N, scale·H, scale·W, O]. */
function interleave(images: readonly tf.Tensor4D[], scale: number): tf.Tensor4D {
  const [n, h, w, o] = images[0].shape;
  const rows = Array.from({ length: scale }, (_, row) => {
    const columns = images.slice(row * scale, (row + 1) * scale).map((image) => tf.reshape(image, [n * h * w, o]));
    return tf.reshape(tf.concat(columns, 1), [n * h, scale * w * o]);
  });
  return tf.reshape(tf.concat(rows, 1), [n, h * scale, w * scale, o]);
}

/** The inverse of {@link interleave}. */
function separate(image: tf.Tensor4D, scale: number): tf.Tensor4D[] {
  const [n, height, width, o] = image.shape;
  const h = height / scale;
  const w = width / scale;
  const rows = tf.split(tf.reshape(image, [n * h, scale * width * o]), scale, 1);
  return rows.flatMap((row) =>
    tf.split(tf.reshape(row, [n * h * w, scale * o]), scale, 1).map((x) => tf.reshape(x, [n, h, w, o]) as tf.Tensor4D),
  );
}

/** Nearest-neighbour enlargement by `scale`, then a convolution with SAME padding. x: [N, H, W, C], kernel: [k, k, C, O]. */
export function resizeConvolve(x: tf.Tensor4D, kernel: tf.Tensor4D, scale: number): tf.Tensor4D {
  const images = phasePairs(kernel.shape[0], scale).map((pair) =>
    convolve(x, smallKernel(kernel, pair), 1, pair.padding),
  );
  return interleave(images, scale);
}

/** Gradients of {@link resizeConvolve} by x and by the kernel. */
export function resizeConvolveGradients(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dy: tf.Tensor4D,
  scale: number,
): { x: tf.Tensor4D; kernel: tf.Tensor4D } {
  const [, height, width, channels] = x.shape;
  const [size, , , outputs] = kernel.shape;
  const parts = separate(dy, scale);
  const gradients = phasePairs(size, scale).map((pair, i) => {
    const small = convolveKernelGradient(x, parts[i], pair.size, 1, pair.padding);
    const flat = tf.reshape(small, [pair.size[0] * pair.size[1], channels * outputs]) as tf.Tensor2D;
    return {
      x: convolveInputGradient(parts[i], smallKernel(kernel, pair), 1, pair.padding, [height, width]),
      kernel: tf.matMul(tf.transpose(pair.matrix) as tf.Tensor2D, flat),
    };
  });
  return {
    x: tf.addN(gradients.map((gradient) => gradient.x)),
    kernel: tf.reshape(tf.addN(gradients.map((gradient) => gradient.kernel)), kernel.shape),
  };
}
