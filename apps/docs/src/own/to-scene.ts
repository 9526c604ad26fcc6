import type { Scene } from '../live/scene.js';

/** A picture as a canvas has it: red, green, blue, alpha. */
export interface Rgba {
  readonly data: Uint8ClampedArray;
  readonly height: number;
  readonly width: number;
}

/** How a picture becomes what the networks know: white outlines on black. */
export interface Reading {
  /** Dark on light: shapes are what is darker than the background. */
  readonly inverted: boolean;
  /** From 0 to 1: what is brighter counts as lit. */
  readonly threshold: number;
}

/** Brightness from 0 to 1 (Rec. 709); what is transparent is white paper. */
export function brightness({ data, height, width }: Rgba): Float32Array {
  const out = new Float32Array(height * width);
  for (let i = 0; i < out.length; i++) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * i, 4 * i + 4);
    const colour = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    out[i] = 1 - (alpha / 255) * (1 - colour);
  }
  return out;
}

/** Whether most of the edge is bright: then the shapes are the dark part. */
export function isInverted(light: Float32Array, height: number, width: number): boolean {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < light.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    if (row > 0 && column > 0 && row < height - 1 && column < width - 1) continue;
    sum += light[i] ?? 0;
    count++;
  }
  return sum > 0.5 * count;
}

/** The threshold that separates a picture's brightness into two classes best (Otsu 1979). */
export function bestThreshold(light: Float32Array): number {
  const BINS = 64;
  const histogram = new Float64Array(BINS);
  for (const value of light) histogram[Math.min(BINS - 1, Math.floor(value * BINS))]! += 1;
  const total = light.length;
  const mean = histogram.reduce((sum, n, bin) => sum + (n * (bin + 0.5)) / BINS, 0) / total;
  let [best, threshold, below, sumBelow] = [-1, 0.5, 0, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += histogram[bin]! / total;
    sumBelow += (histogram[bin]! * (bin + 0.5)) / BINS / total;
    if (below === 0 || below === 1) continue;
    const between = (mean * below - sumBelow) ** 2 / (below * (1 - below));
    if (between > best) [best, threshold] = [between, (bin + 1) / BINS];
  }
  return threshold;
}

/**
 * Pictures as frames that the networks read, without true groups.
 * @param pictures all of one size
 */
export function toScene(pictures: readonly Rgba[], { inverted, threshold }: Reading): Scene {
  const [{ height, width } = { height: 0, width: 0 }] = pictures;
  const frames = new Float32Array(pictures.length * height * width);
  for (const [f, picture] of pictures.entries()) {
    const light = brightness(picture);
    for (const [i, value] of light.entries()) frames[f * light.length + i] = value > threshold !== inverted ? 1 : 0;
  }
  return { height, width, frames, groups: new Uint8Array(frames.length) };
}
