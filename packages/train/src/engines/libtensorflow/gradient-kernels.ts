import * as tf from '@tensorflow/tfjs-core';

/** What is used of tfjs-node's backend: it runs any operation of libtensorflow by its name. */
interface OperationBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
}

/** Operations of libtensorflow that TensorFlow.js has no kernel for, with the order of their inputs dy and y. */
const GRADIENTS = { ReluGrad: ['dy', 'y'], SigmoidGrad: ['y', 'dy'] } as const;

/** Registers gradients of activations by dy and y, which @nem/core takes where a backend has them: one pass in place of three. */
export function registerGradientKernels(backendName: string): void {
  for (const [kernelName, order] of Object.entries(GRADIENTS)) {
    if (tf.getKernel(kernelName, backendName)) continue;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc({ inputs, backend }) {
        const libTensorFlow = backend as unknown as OperationBackend;
        const { TF_ATTR_TYPE, TF_FLOAT } = libTensorFlow.binding;
        const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
        const ordered = order.map((name) => (inputs as Record<'dy' | 'y', tf.TensorInfo>)[name]);
        return libTensorFlow.executeSingleOutput(kernelName, attributes, ordered);
      },
    });
  }
}
