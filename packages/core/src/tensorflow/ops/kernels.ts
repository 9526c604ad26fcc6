import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels that a backend may have beside TensorFlow.js's own: this package brings them for WebAssembly. Those without an
 * output add to a tensor in place.
 */
export const KERNELS = {
  /** sum += xᵀ dy. */
  addTransposedProduct: 'NemAddTransposedProduct',
  /** [x, h] W + b, with x and h where they lie; its gradients by both; and sum += [x, h]ᵀ dy. */
  joinedLinear: 'NemJoinedLinear',
  joinedLinearGradient: 'NemJoinedLinearGradient',
  addJoinedProduct: 'NemAddJoinedProduct',
  /** sum += the gradient of a convolution by its kernel. */
  addKernelGradient: 'NemAddKernelGradient',
  /** A transposed convolution plus a bias. */
  transposedConvolution: 'NemTransposedConvolution',
  activate: 'NemActivate',
  activateGradient: 'NemActivateGradient',
  normActivate: 'NemNormActivate',
  normActivateGradient: 'NemNormActivateGradient',
  eStep: 'NemEStep',
  losses: 'NemLosses',
  upperLoss: 'NemUpperLoss',
  maskedDifference: 'NemMaskedDifference',
  predictionGradient: 'NemPredictionGradient',
} as const;

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;

/** Whether the backend has this package's kernels: all or none. */
export function hasKernels(): boolean {
  return tf.getKernel(KERNELS.activate, tf.getBackend()) !== undefined;
}

/** Runs a kernel of the current backend with the inputs that there are. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(name: string, inputs: Inputs, attributes: object = {}): T {
  const present = Object.entries(inputs).filter(([, tensor]) => tensor !== undefined);
  return tf
    .engine()
    .runKernel(name, Object.fromEntries(present) as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as unknown as T;
}
