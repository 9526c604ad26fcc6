import * as tf from '@tensorflow/tfjs-core';

export const BACKEND = 'wasm';

export type Kernel = tf.KernelConfig['kernelFunc'];
export type KernelCall = Parameters<Kernel>[0];

/** Fails where the backend has no kernel of its own to leave a call to. */
function unsupported(name: string): Kernel {
  return () => {
    throw new Error(`${name} on the WebAssembly backend takes float32, equal strides, no dilation and NHWC only.`);
  };
}

/** Registers a kernel in place of the backend's own, where it has one; `make` is given that one. */
export function replaceKernel(name: string, make: (original: Kernel) => Kernel): void {
  const original = tf.getKernel(name, BACKEND);
  if (original) tf.unregisterKernel(name, BACKEND);
  const kernelFunc = make(original?.kernelFunc ?? unsupported(name));
  tf.registerKernel({ ...original, kernelName: name, backendName: BACKEND, kernelFunc });
}

/** Registers a kernel that TensorFlow.js does not know. */
export function addKernel(kernelName: string, kernelFunc: Kernel): void {
  tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
}
