import * as tf from '@tensorflow/tfjs-core';
import { elements, lastAxis } from '../model/network/sample-shape.js';
import { moduleOf, type WasmModule } from './module.js';
import type { Kernel } from './registration.js';

type Conv2DInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly activation?: string;
}

function convolutionInfo(x: readonly number[], kernel: readonly number[], attrs: unknown): Conv2DInfo {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat } = attrs as ConvolutionAttributes;
  return tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    kernel as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
}

/** Whether the kernels take it: not dilated, equal strides, NHWC. */
function supported(info: Conv2DInfo): boolean {
  if (info.dataFormat !== 'channelsLast' || info.dilationHeight !== 1 || info.dilationWidth !== 1) return false;
  return info.strideHeight === info.strideWidth && info.outHeight >= 1 && info.outWidth >= 1;
}

/** Tells the module a convolution's size; gives the scratch memory for it. */
function prepare(module: WasmModule, info: Conv2DInfo): number {
  const floats = module.exports.convolution(
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.padInfo.top,
    info.padInfo.left,
    info.outHeight,
    info.outWidth,
    info.outChannels,
  );
  return module.work(floats);
}

/** A new tensor whose rows of `channels` start as the bias, or as 0 without one. */
function filled(module: WasmModule, shape: readonly number[], bias?: tf.TensorInfo): tf.TensorInfo {
  const output = module.output(shape);
  const channels = lastAxis(shape);
  const rows = elements(shape) / channels;
  module.exports.fillRows(rows, channels, module.address(bias), module.address(output));
  return output;
}

/** `Conv2D` and, with a bias, `FusedConv2D`; what is dilated or activated is left to the backend's own. */
export const conv2D =
  (original: Kernel): Kernel =>
  (call) => {
    const { x, filter, bias, preluActivationWeights } = call.inputs as Record<'x' | 'filter', tf.TensorInfo> &
      Partial<Record<'bias' | 'preluActivationWeights', tf.TensorInfo>>;
    const { activation = 'linear' } = call.attrs as unknown as ConvolutionAttributes;
    const info = convolutionInfo(x.shape, filter.shape, call.attrs);
    const floats = [x, filter, bias].every((tensor) => !tensor || tensor.dtype === 'float32');
    if (!supported(info) || !floats || preluActivationWeights || activation !== 'linear') return original(call);
    const module = moduleOf(call.backend);
    const work = prepare(module, info);
    const output = filled(module, info.outShape, bias);
    module.exports.convolve(module.address(x), module.address(filter), module.address(output), work);
    return output;
  };

/** `Conv2DBackpropFilter`, which the backend lacks. */
export const conv2DBackpropFilter =
  (original: Kernel): Kernel =>
  (call) => {
    const { x, dy } = call.inputs as Record<'x' | 'dy', tf.TensorInfo>;
    const { filterShape } = call.attrs as unknown as { filterShape: number[] };
    const info = convolutionInfo(x.shape, filterShape, call.attrs);
    if (!supported(info)) return original(call);
    const module = moduleOf(call.backend);
    const work = prepare(module, info);
    const output = filled(module, filterShape);
    module.exports.convolveKernelGradient(module.address(x), module.address(dy), module.address(output), work);
    return output;
  };

/** sum += what `Conv2DBackpropFilter` gives. */
export const addKernelGradient: Kernel = ({ inputs, attrs, backend }) => {
  const { sum, x, dy } = inputs as Record<'sum' | 'x' | 'dy', tf.TensorInfo>;
  const module = moduleOf(backend);
  const work = prepare(module, convolutionInfo(x.shape, sum.shape, attrs));
  module.exports.convolveKernelGradient(module.address(x), module.address(dy), module.address(sum), work);
  return [];
};

/** `Conv2DBackpropInput`, and the same plus a bias. */
export const conv2DBackpropInput =
  (original: Kernel): Kernel =>
  (call) => {
    const { dy, filter, bias } = call.inputs as Record<'dy' | 'filter', tf.TensorInfo> & { bias?: tf.TensorInfo };
    const { inputShape } = call.attrs as unknown as { inputShape: number[] };
    const info = convolutionInfo(inputShape, filter.shape, call.attrs);
    if (!supported(info)) return original(call);
    const module = moduleOf(call.backend);
    const work = prepare(module, info);
    const output = filled(module, inputShape, bias);
    module.exports.convolveInputGradient(module.address(dy), module.address(filter), module.address(output), work);
    return output;
  };
