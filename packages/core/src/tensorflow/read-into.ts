import * as tf from '@tensorflow/tfjs-core';

/** What the WebAssembly backend has and others have not: a tensor's values where they lie. */
interface HeapBackend {
  typedArrayFromHeap?(tensor: tf.TensorInfo): Float32Array;
}

/** Copies a tensor's values into `out`; `dataSync` makes an array for each call, which in a long run is much garbage. */
export function readInto(tensor: tf.Tensor, out: Float32Array): void {
  const backend = tf.backend() as unknown as HeapBackend;
  out.set(backend.typedArrayFromHeap?.(tensor) ?? (tensor.dataSync() as Float32Array));
}
