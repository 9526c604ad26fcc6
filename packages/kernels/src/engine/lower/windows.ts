import { type LayerShape, samePadding } from '@nem/core';
import { gather } from '../../instructions/convolution.js';
import type { View } from '../../instructions/instruction.js';
import type { Operand, PatchOperand } from '../../operations.js';
import { matrix, type ProgramBuilder, transposed } from '../plan/program-builder.js';

/** Square windows on an image [height, width, channels], one for each pixel of an image [outHeight, outWidth]. */
export interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** Elements of a window's patch. */
export const patchSize = ({ kernel, channels }: Windows) => kernel ** 2 * channels;

/** Windows on an image. */
export const windowCount = ({ outHeight, outWidth }: Windows) => outHeight * outWidth;

/** [height, width, channels] of an image's shape. */
function imageShape(shape: readonly number[], name: string): readonly [number, number, number] {
  const [height, width, channels, ...others] = shape;
  if (height === undefined || width === undefined || channels === undefined || others.length > 0) {
    throw new RangeError(`${name} has no image but [${shape.join(', ')}]`);
  }
  return [height, width, channels];
}

/** The windows of a convolution with SAME padding. */
export function convolutionWindows(shape: LayerShape, kernel: number, stride: number): Windows {
  const [height, width, channels] = imageShape(shape.inputShape, shape.name);
  const [outHeight, outWidth] = imageShape(shape.outputShape, shape.name);
  const [top] = samePadding(height, kernel, stride);
  const [left] = samePadding(width, kernel, stride);
  return { kernel, stride, top, left, height, width, channels, outHeight, outWidth };
}

/**
 * The windows through which the pixels of a small image reach the enlarged and convolved one: each reaches scale + kernel − 1 pixels
 * along each axis.
 */
export function enlargementWindows(shape: LayerShape, kernel: number, scale: number): Windows {
  const [outHeight, outWidth] = imageShape(shape.inputShape, shape.name);
  const [height, width, channels] = imageShape(shape.outputShape, shape.name);
  // SAME padding at stride 1 does not depend on the image.
  const [before] = samePadding(kernel, kernel, 1);
  const top = kernel - 1 - before;
  return { kernel: scale + kernel - 1, stride: scale, top, left: top, height, width, channels, outHeight, outWidth };
}

/** The patches of images as a matrix [images · windows, patch size] that a product gathers. */
function patches({ at }: View, { top, left, ...sizes }: Windows, isTransposed = false): PatchOperand {
  return { offset: at, ...sizes, padTop: top, padLeft: left, transposed: isTransposed };
}

/** Floats of a window's line up to which its patches are written out: a product gathers such short pieces slowly. */
const SHORT_LINE = 8;

/** The patches of images: written out where their lines are short, else for the product to gather. Released by the caller. */
export interface Patches {
  /** [images · windows, patch size], or its transpose. */
  operand(transposed?: boolean): Operand;
  release(): void;
}

/** @param x images, [images, height, width, channels] */
export function patchesOf(builder: ProgramBuilder, images: number, x: View, windows: Windows): Patches {
  const { layout } = builder;
  if (windows.kernel * windows.channels > SHORT_LINE) {
    return { operand: (isTransposed) => patches(x, windows, isTransposed), release: () => undefined };
  }
  const size = patchSize(windows);
  const written = layout.allocate(images * windowCount(windows) * size);
  builder.emit(gather, { images, ...windows, x, patches: written });
  return {
    operand: (isTransposed = false) => (isTransposed ? transposed(written, size) : matrix(written, size)),
    release: () => layout.release(written),
  };
}
