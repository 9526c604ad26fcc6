/** Kernels for TensorFlow.js's WebAssembly backend that it lacks or that are faster than its own. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type Patches, WasmModule } from './module.js';

type Kernel = tf.KernelConfig['kernelFunc'];
type Arguments = Parameters<Kernel>[0];
type Conv2DInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

const BACKEND = 'wasm';
let module: WasmModule | undefined;

/** The tensor's values in the backend's memory: valid until the next allocation. */
const view = (backend: BackendWasm, tensor: tf.TensorInfo) => backend.typedArrayFromHeap(tensor) as Float32Array;

function output(backend: BackendWasm, shape: number[], fill: (out: Float32Array) => void): tf.TensorInfo {
  const info = backend.makeOutput(shape, 'float32');
  fill(view(backend, info));
  return info;
}

/** What a matrix product is made of, or undefined where it is a batch of them or not of float32. */
function product({ inputs, attrs }: Arguments) {
  const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
  const batch = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || batch.some((size) => size !== 1)) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [n, depth] = transposeB ? [rowsB, columnsB] : [columnsB, rowsB];
  if (k !== depth) return undefined;
  const rank = Math.max(a.shape.length, b.shape.length);
  return { a, b, transposeA, transposeB, m, n, k, shape: [...new Array(rank - 2).fill(1), m, n] };
}

const batchMatMul =
  (kernels: WasmModule, original: Kernel): Kernel =>
  (call) => {
    const found = product(call);
    if (!found) return original(call);
    const { a, b, m, n, k, transposeA, transposeB, shape } = found;
    const backend = call.backend as BackendWasm;
    return output(backend, shape, (out) =>
      kernels.multiply(view(backend, a), view(backend, b), [m, n, k], transposeA, transposeB, out),
    );
  };

/** A convolution's size, or undefined where it is dilated, not square in its stride, or not NHWC. */
function patches(info: Conv2DInfo): Patches | undefined {
  if (info.dataFormat !== 'channelsLast' || info.dilationHeight !== 1 || info.dilationWidth !== 1) return undefined;
  if (info.strideHeight !== info.strideWidth || info.outHeight < 1 || info.outWidth < 1) return undefined;
  return {
    images: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    stride: info.strideHeight,
    top: info.padInfo.top,
    left: info.padInfo.left,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
  };
}

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat: 'NHWC' | 'NCHW';
}

function convolutionInfo(x: readonly number[], kernel: readonly number[], attrs: unknown): Conv2DInfo {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs as ConvolutionAttributes;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  return tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    kernel as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    format,
  );
}

const conv2D =
  (kernels: WasmModule, original: Kernel): Kernel =>
  (call) => {
    const { x, filter } = call.inputs as Record<'x' | 'filter', tf.TensorInfo>;
    const info = convolutionInfo(x.shape, filter.shape, call.attrs);
    const size = patches(info);
    if (!size) return original(call);
    const backend = call.backend as BackendWasm;
    return output(backend, info.outShape, (out) =>
      kernels.convolve(size, view(backend, x), view(backend, filter), info.outChannels, out),
    );
  };

function unsupported(name: string): never {
  throw new Error(`${name} on the WebAssembly backend takes equal strides, no dilation and NHWC only.`);
}

const conv2DBackpropFilter =
  (kernels: WasmModule): Kernel =>
  (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', tf.TensorInfo>;
    const { filterShape } = call.attrs as unknown as { filterShape: number[] };
    const info = convolutionInfo(x.shape, filterShape, call.attrs);
    const size = patches(info) ?? unsupported(tf.Conv2DBackpropFilter);
    const backend = call.backend as BackendWasm;
    return output(backend, filterShape, (out) =>
      kernels.convolveKernelGradient(size, view(backend, x), view(backend, dy), info.outChannels, out),
    );
  };

const conv2DBackpropInput =
  (kernels: WasmModule, original: Kernel): Kernel =>
  (call) => {
    const { dy, filter } = call.inputs as Record<'dy' | 'filter', tf.TensorInfo>;
    const { inputShape } = call.attrs as unknown as { inputShape: number[] };
    const info = convolutionInfo(inputShape, filter.shape, call.attrs);
    const size = patches(info);
    if (!size) return original(call);
    const backend = call.backend as BackendWasm;
    return output(backend, inputShape, (out) =>
      kernels.convolveInputGradient(size, view(backend, dy), view(backend, filter), info.outChannels, out),
    );
  };

function replace(name: string, make: (kernels: WasmModule, original: Kernel) => Kernel, kernels: WasmModule): void {
  const original = tf.getKernel(name, BACKEND);
  if (original) tf.unregisterKernel(name, BACKEND);
  tf.registerKernel({
    ...original,
    kernelName: name,
    backendName: BACKEND,
    kernelFunc: make(kernels, original?.kernelFunc ?? (() => unsupported(name))),
  });
}

/**
 * Registers matrix products and convolutions with both gradients for TensorFlow.js's WebAssembly backend: transposed
 * products at the speed of plain ones, `Conv2DBackpropFilter`, which the backend lacks, and the others faster than its own.
 * Call it once `@tensorflow/tfjs-backend-wasm` is imported; later calls do nothing.
 */
export function registerWasmKernels(): void {
  if (module) return;
  module = new WasmModule();
  replace(tf.BatchMatMul, batchMatMul, module);
  replace(tf.Conv2D, conv2D, module);
  replace(tf.Conv2DBackpropFilter, conv2DBackpropFilter, module);
  replace(tf.Conv2DBackpropInput, conv2DBackpropInput, module);
}
