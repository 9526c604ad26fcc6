import { type ConvSpec, type LayerShape, type ResizeConvSpec, type SampleShape, samePadding } from '@nem/core';
import { elementAt } from '../required.js';
import { inForms, inVectors, type Result } from './operand.js';
import type { Operands } from './product.js';

/** A convolution's geometry on NHWC images; `scale` above 1 is a folded nearest-neighbour enlargement before it. */
export interface ConvolutionShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly scale: number;
  readonly top: number;
  readonly left: number;
}

/** Height, width and channels of an image's shape. */
const imageSize = (shape: SampleShape) => [elementAt(shape, 0), elementAt(shape, 1), elementAt(shape, 2)] as const;

/** The geometry of a convolution with SAME padding on the layer's input, enlarged `scale` times along each axis. */
export function convolutionShape(
  { spec: { kernel }, inputShape, outputShape }: LayerShape<ConvSpec | ResizeConvSpec>,
  { stride, scale }: Pick<ConvolutionShape, 'stride' | 'scale'>,
): ConvolutionShape {
  const [height, width, channels] = imageSize(inputShape);
  const [outHeight, outWidth, outputs] = imageSize(outputShape);
  const [top] = samePadding(height * scale, kernel, stride);
  const [left] = samePadding(width * scale, kernel, stride);
  return { height, width, channels, outHeight, outWidth, outputs, kernel, stride, scale, top, left };
}

/** WGSL: y, x and sample of row number `row` of images of height × width. */
export const place = (row: string, height: number, width: number) => `let at_x = i32(${row} % ${width}u);
  let at_y = i32(${row} / ${width}u % ${height}u);
  let sample = ${row} / ${height * width}u;`;

/** WGSL: element (sample, y, x, channel) of an image buffer, 0 outside; four channels where all are whole vectors. */
export function pixel(buffer: string, height: number, width: number, channels: number): string {
  return inForms(
    inVectors(channels),
    ({ suffix, type }) => `fn pixel_${buffer}${suffix}(sample: u32, at_y: i32, at_x: i32, channel: u32) -> ${type} {
  if (at_y < 0 || at_x < 0 || at_y >= ${height} || at_x >= ${width}) { return ${type}(); }
  return ${buffer}${suffix}(((sample * ${height}u + u32(at_y)) * ${width}u + u32(at_x)) * ${channels}u + channel);
}`,
  );
}

/** x im2col: row (sample, y, x of the output), inner (tap row, tap column, channel). */
export function patches(c: ConvolutionShape): string {
  return `${pixel('x', c.height, c.width, c.channels)}
${inForms(
  inVectors(c.channels),
  ({ suffix, type }) => `fn image_patch${suffix}(row: u32, inner: u32) -> ${type} {
  let channel = inner % ${c.channels}u; let tap = inner / ${c.channels}u;
  ${place('row', c.outHeight, c.outWidth)}
  return pixel_x${suffix}(sample, at_y * ${c.stride} + i32(tap / ${c.kernel}u) - ${c.top}, at_x * ${c.stride} + i32(tap % ${c.kernel}u) - ${c.left}, channel);
}`,
)}`;
}

/** Taps of a strided kernel that reach the pixels of one phase of the input, along an axis. */
export const tapsOfPhase = ({ kernel, stride }: ConvolutionShape) => Math.ceil(kernel / stride);

/** Height and width of the input's pixels of one phase. */
export const phaseSize = ({ height, width, stride }: ConvolutionShape): readonly [number, number] => [
  Math.ceil(height / stride),
  Math.ceil(width / stride),
];

/**
 * Input gradient, phase by phase of the input modulo the stride: row (sample, y, x of the phase's pixels), inner (tap row, tap
 * column, output).
 */
export function inputGradientOperands(c: ConvolutionShape, weightsAt: number): Operands {
  const taps = tapsOfPhase(c);
  const [rows, columns] = phaseSize(c);
  const vector = inVectors(c.outputs);
  const inner = `let output = inner % ${c.outputs}u; let tap = inner / ${c.outputs}u;`;
  return {
    left: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `${inner}
  ${place('row', rows, columns)}
  let v = tap_of(at_y, tap / ${taps}u, phase / ${c.stride}u, ${c.top});
  let h = tap_of(at_x, tap % ${taps}u, phase % ${c.stride}u, ${c.left});
  return pixel_dz${suffix}(sample, v.y, h.y, output);`,
    },
    right: {
      alongInner: true,
      vector,
      body: ({ suffix, type }) => `${inner}
  let v = (phase / ${c.stride}u + ${c.top}u) % ${c.stride}u + tap / ${taps}u * ${c.stride}u;
  let h = (phase % ${c.stride}u + ${c.left}u) % ${c.stride}u + tap % ${taps}u * ${c.stride}u;
  if (v >= ${c.kernel}u || h >= ${c.kernel}u) { return ${type}(); }
  return parameters${suffix}(${weightsAt}u + ((v * ${c.kernel}u + h) * ${c.channels}u + column) * ${c.outputs}u + output);`,
    },
  };
}

/** Where a phase's results go: to parts of `count` elements. */
export function inputGradientResult(c: ConvolutionShape, count: number): Result<'dx'> {
  const [rows, columns] = phaseSize(c);
  return {
    bindings: ['dx'],
    vector: inVectors(c.channels),
    body: ({ suffix }) => `${place('row', rows, columns)}
  let y = u32(at_y) * ${c.stride}u + phase / ${c.stride}u; let x = u32(at_x) * ${c.stride}u + phase % ${c.stride}u;
  if (y >= ${c.height}u || x >= ${c.width}u) { return; }
  set_dx${suffix}(part * ${count}u + ((sample * ${c.height}u + y) * ${c.width}u + x) * ${c.channels}u + column, value);`,
  };
}

/** WGSL: what {@link inputGradientOperands} call. */
export function inputGradientCode(c: ConvolutionShape): string {
  return `${pixel('dz', c.outHeight, c.outWidth, c.outputs)}
fn tap_of(at: i32, i: u32, phase: u32, before: i32) -> vec2i {
  // The difference is a multiple of the stride: a position before its tap stays negative, outside the image.
  let position = at * ${c.stride} + i32(phase) + before;
  let tap = position % ${c.stride} + i32(i) * ${c.stride};
  return vec2i(tap, (position - tap) / ${c.stride});
}`;
}
