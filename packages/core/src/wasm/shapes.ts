import type * as tf from '@tensorflow/tfjs-core';

/** The shape of a kernel's input, which its caller may have built with any number of axes. */
function shapeOfRank(rank: number, { shape }: tf.TensorInfo): number[] {
  if (shape.length !== rank) {
    throw new RangeError(`a kernel's input is [${shape.join(', ')}]: give it a shape of ${rank} axes.`);
  }
  return shape;
}

/** The size of a vector. @throws RangeError for another number of axes */
export const shape1 = (vector: tf.TensorInfo) => shapeOfRank(1, vector) as [number];

/** The sizes of a matrix. @throws RangeError for another number of axes */
export const shape2 = (matrix: tf.TensorInfo) => shapeOfRank(2, matrix) as [number, number];

/** The sizes of a tensor with three axes. @throws RangeError for another number of axes */
export const shape3 = (tensor: tf.TensorInfo) => shapeOfRank(3, tensor) as [number, number, number];
