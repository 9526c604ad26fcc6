/** Kernels for TensorFlow.js's WebAssembly backend that it lacks or that are faster than its own. */
import * as tf from '@tensorflow/tfjs-core';
import { KERNELS } from '../tensorflow/ops/kernels.js';
import { addKernelGradient, conv2D, conv2DBackpropFilter, conv2DBackpropInput } from './convolution.js';
import { addJoinedProduct, addTransposedProduct, joinedLinear, joinedLinearGradient, matMul } from './matmul.js';
import { eStep, losses, maskedDifference, predictionGradient, upperLoss } from './mixture.js';
import { activate, activateGradient, normActivate, normActivateGradient } from './norm.js';
import { addKernel, BACKEND, replaceKernel } from './registration.js';

/**
 * Registers kernels for TensorFlow.js's WebAssembly backend that work on its memory: matrix products, transposed ones at the
 * speed of plain ones, convolutions with both gradients (the backend lacks `Conv2DBackpropFilter`), and what this package
 * fuses: layer norm with its activation, E-step, losses, gradients added to their sums in place. With relaxed SIMD (Node 22;
 * Node 20 with `--experimental-wasm-relaxed-simd`) they use fused multiply-add, which rounds once where plain SIMD rounds
 * twice. Call it once `@tensorflow/tfjs-backend-wasm` is imported; later calls do nothing.
 */
export function registerWasmKernels(): void {
  if (tf.getKernel(KERNELS.activate, BACKEND)) return;
  replaceKernel(tf.BatchMatMul, matMul);
  replaceKernel(tf._FusedMatMul, matMul);
  replaceKernel(tf.Conv2D, conv2D);
  replaceKernel(tf.FusedConv2D, conv2D);
  replaceKernel(tf.Conv2DBackpropFilter, conv2DBackpropFilter);
  replaceKernel(tf.Conv2DBackpropInput, conv2DBackpropInput);
  replaceKernel(KERNELS.transposedConvolution, conv2DBackpropInput);
  addKernel(KERNELS.addTransposedProduct, addTransposedProduct);
  addKernel(KERNELS.joinedLinear, joinedLinear);
  addKernel(KERNELS.joinedLinearGradient, joinedLinearGradient);
  addKernel(KERNELS.addJoinedProduct, addJoinedProduct);
  addKernel(KERNELS.addKernelGradient, addKernelGradient);
  addKernel(KERNELS.activate, activate);
  addKernel(KERNELS.activateGradient, activateGradient);
  addKernel(KERNELS.normActivate, normActivate);
  addKernel(KERNELS.normActivateGradient, normActivateGradient);
  addKernel(KERNELS.eStep, eStep);
  addKernel(KERNELS.losses, losses);
  addKernel(KERNELS.upperLoss, upperLoss);
  addKernel(KERNELS.maskedDifference, maskedDifference);
  addKernel(KERNELS.predictionGradient, predictionGradient);
}
