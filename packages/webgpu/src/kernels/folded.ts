/**
 * A resize-convolution without the enlarged image. The layer enlarges [H, W, C] by nearest neighbour to [sH, sW, C] (s: `scale`) and convolves
 * that with the weights [k, k, C, O] and SAME padding. Along each axis, the output at s · y + p (its phase p is 0 to s − 1) meets, with tap u of
 * the kernel, the small pixel y + ⌊(p + u − before) / s⌋. Several taps meet the same small pixel: their weights can be summed up once instead of
 * multiplying that pixel by each of them. These sums are the folded kernel. It has one entry for each phase and shift from y along an axis, the
 * sum of the taps `firstTap` to `lastTap`:
 *
 *     F[v, h, c, o] = Σ W[u, w, c, o]    over firstTap(v) ≤ u ≤ lastTap(v), firstTap(h) ≤ w ≤ lastTap(h)
 *
 * It is [entries, entries, C, O], where v and h number the entries of all phases along the vertical and the horizontal axis. With it the output
 * at (s · y + p, s · x + q) is a convolution of the small image, over the entries v of the phase p and h of the phase q:
 *
 *     z[s · y + p, s · x + q, o] = b[o] + Σ F[v, h, c, o] · image[y + shift(v), x + shift(h), c]
 *
 * For k = 4 and s = 2, an axis has 5 entries: 3 of phase 0 and 2 of phase 1. A small pixel then takes 25 products for each channel and output
 * instead of 64, and the enlarged image is neither written nor read.
 *
 * The code numbers the phases of both axes together, p · s + q. A tap of a phase is one of its pairs (v, h), numbered row by row.
 */

import { phases } from '@nem/core';
import { elementwise, type Kernel } from '../plan/kernel.js';
import { type ConvolutionShape, pixel, place } from './convolution.js';
import { inForms, inVectors } from './operand.js';
import type { Operands } from './product.js';

/** The entries of the folded kernel along an axis, those of phase 0 first. Both axes have the same. */
interface FoldedAxis {
  /** Number of entries of all phases together. */
  readonly entries: number;
  /** First entry of each phase. */
  readonly phaseStart: readonly number[];
  /** Number of entries of each phase. */
  readonly phaseSize: readonly number[];
  /** Phase of each entry. */
  readonly entryPhase: readonly number[];
  /** How many small pixels after the output's own one each entry's pixel is; negative before it. */
  readonly entryShift: readonly number[];
  /** First and last tap of the weights that each entry sums up. */
  readonly firstTap: readonly number[];
  readonly lastTap: readonly number[];
}

/** The folded kernel's entries along an axis, from @nem/core's phases. @param kernel taps of the weights along the axis */
export function foldedAxis(kernel: number, scale: number): FoldedAxis {
  const all = phases(kernel, scale);
  const entries = all.flatMap(({ before, taps, size }, phase) =>
    Array.from({ length: size }, (_, entry) => {
      // 1 for each tap that the entry sums up, else 0.
      const summed = taps.subarray(entry * kernel, (entry + 1) * kernel);
      return { phase, shift: entry - before, first: summed.indexOf(1), last: summed.lastIndexOf(1) };
    }),
  );
  return {
    entries: entries.length,
    phaseStart: all.map((_, phase) => entries.findIndex((entry) => entry.phase === phase)),
    phaseSize: all.map(({ size }) => size),
    entryPhase: entries.map(({ phase }) => phase),
    entryShift: entries.map(({ shift }) => shift),
    firstTap: entries.map(({ first }) => first),
    lastTap: entries.map(({ last }) => last),
  };
}

/** WGSL: the lists of the axis as constant arrays. Functions copy them to variables, which every compiler lets a computed number index. */
function axisTables(axis: FoldedAxis): string {
  const list = (name: string, values: readonly number[]) =>
    `const ${name} = array<i32, ${values.length}>(${values.join(', ')});`;
  return [
    list('PHASE_START', axis.phaseStart),
    list('PHASE_SIZE', axis.phaseSize),
    list('ENTRY_PHASE', axis.entryPhase),
    list('ENTRY_SHIFT', axis.entryShift),
    list('FIRST_TAP', axis.firstTap),
    list('LAST_TAP', axis.lastTap),
  ].join('\n');
}

/** Weights of one tap, or of one entry of the folded kernel: [C, O]. */
const tapWeights = ({ channels, outputs }: ConvolutionShape) => channels * outputs;

/** F [entries, entries, C, O] from the weights [k, k, C, O] among the parameters: an invocation sums up one element of F. */
export function foldKernel(geometry: ConvolutionShape, weightsAt: number): Kernel<'parameters' | 'folded'> {
  const { kernel, scale } = geometry;
  const axis = foldedAxis(kernel, scale);
  const { entries } = axis;
  const weights = tapWeights(geometry);
  return elementwise({
    name: 'fold kernel',
    bindings: { parameters: 'read', folded: 'read_write' },
    count: entries ** 2 * weights,
    words: (entries ** 2 + kernel ** 2) * weights,
    body: `  var first_tap = FIRST_TAP; var last_tap = LAST_TAP;
  let v = i / ${entries * weights}u; let h = i / ${weights}u % ${entries}u; let weight = i % ${weights}u;
  var sum = 0.0;
  for (var u = first_tap[v]; u <= last_tap[v]; u++) {
    for (var w = first_tap[h]; w <= last_tap[h]; w++) { sum += parameters(${weightsAt}u + u32(u * ${kernel} + w) * ${weights}u + weight); }
  }
  set_folded(i, sum);`,
    helpers: axisTables(axis),
  });
}

/**
 * dW [k, k, C, O] from dF, which stands in parts, [parts, entries, entries, C, O]: an invocation sums up one element of dW, over the entries
 * whose sum its tap is in and over the parts.
 */
export function unfoldGradient(geometry: ConvolutionShape, parts: number): Kernel<'partial' | 'out'> {
  const { kernel, scale } = geometry;
  const axis = foldedAxis(kernel, scale);
  const { entries } = axis;
  const weights = tapWeights(geometry);
  return elementwise({
    name: 'unfold kernel gradient',
    bindings: { partial: 'read', out: 'read_write' },
    count: kernel ** 2 * weights,
    words: (parts * entries ** 2 + kernel ** 2) * weights,
    body: `  var first_tap = FIRST_TAP; var last_tap = LAST_TAP;
  let u = i32(i / ${kernel * weights}u); let w = i32(i / ${weights}u % ${kernel}u); let weight = i % ${weights}u;
  var sum = 0.0;
  for (var v = 0u; v < ${entries}u; v++) {
    if (u < first_tap[v] || u > last_tap[v]) { continue; }
    for (var h = 0u; h < ${entries}u; h++) {
      if (w < first_tap[h] || w > last_tap[h]) { continue; }
      for (var p = 0u; p < ${parts}u; p++) { sum += partial(((p * ${entries}u + v) * ${entries}u + h) * ${weights}u + weight); }
    }
  }
  set_out(i, sum);`,
    helpers: axisTables(axis),
  });
}

/**
 * WGSL for all three products: the tables of the axis and functions of them.
 *
 *     taps_of(phase)              number of taps of a phase
 *     entries_of(phase, tap)      the tap's entries (v, h)
 *     shift_of(entry)             small pixels from the output's own one to the entry's
 *     folded_at(entries, c, o)    index of an element of F
 */
function foldedCode({ kernel, scale, channels, outputs }: ConvolutionShape): string {
  const axis = foldedAxis(kernel, scale);
  return `${axisTables(axis)}
fn size_of(phase: u32) -> u32 { var sizes = PHASE_SIZE; return u32(sizes[phase]); }
fn start_of(phase: u32) -> u32 { var starts = PHASE_START; return u32(starts[phase]); }
fn shift_of(entry: u32) -> i32 { var shifts = ENTRY_SHIFT; return shifts[entry]; }
fn phase_of(entry: u32) -> u32 { var list = ENTRY_PHASE; return u32(list[entry]); }
fn entries_of(phase: u32, tap: u32) -> vec2u {
  let across = size_of(phase % ${scale}u);
  return vec2u(start_of(phase / ${scale}u) + tap / across, start_of(phase % ${scale}u) + tap % across);
}
fn taps_of(phase: u32) -> u32 { return size_of(phase / ${scale}u) * size_of(phase % ${scale}u); }
fn folded_at(entries: vec2u, channel: u32, output: u32) -> u32 {
  return ((entries.x * ${axis.entries}u + entries.y) * ${channels}u + channel) * ${outputs}u + output;
}`;
}

/**
 * WGSL: {@link foldedCode}, and `image_patch(row, inner, phase)`, an element of the patches of x that a phase's outputs meet, [R H W, taps · C]:
 * the pixel of x at the row (sample, y, x), shifted as the entries of the tap say; 0 outside the image.
 */
export function foldedPatches(geometry: ConvolutionShape): string {
  const { height, width, channels } = geometry;
  return `${foldedCode(geometry)}
${pixel('x', height, width, channels)}
${inForms(
  inVectors(channels),
  ({ suffix, type }) => `fn image_patch${suffix}(row: u32, inner: u32, phase: u32) -> ${type} {
  let channel = inner % ${channels}u; let entries = entries_of(phase, inner / ${channels}u);
  ${place('row', height, width)}
  return pixel_x${suffix}(sample, at_y + shift_of(entries.x), at_x + shift_of(entries.y), channel);
}`,
)}`;
}

/** WGSL: `output_at(row, output, phase)`, the index in [R, sH, sW, O] of a phase's output for the small pixel number `row`. */
export function outputPlace({ height, width, outHeight, outWidth, outputs, scale }: ConvolutionShape): string {
  return `fn output_at(row: u32, output: u32, phase: u32) -> u32 {
  ${place('row', height, width)}
  let y = u32(at_y) * ${scale}u + phase / ${scale}u; let x = u32(at_x) * ${scale}u + phase % ${scale}u;
  return ((sample * ${outHeight}u + y) * ${outWidth}u + x) * ${outputs}u + output;
}`;
}

/**
 * Operands of the input's gradient, dx [R H W, C]. A small pixel's row of the left one has the dz of every output that meets the pixel,
 * [R H W, entries · entries · O]: for each pair of entries the output, one of their phase, from which the pixel is as far as they are shifted.
 * The right one is F, [entries · entries · O, C].
 */
export function foldedInputGradientOperands({ kernel, scale, height, width, outputs }: ConvolutionShape): Operands {
  const { entries } = foldedAxis(kernel, scale);
  const vector = inVectors(outputs);
  const inner = `let output = inner % ${outputs}u; let v = inner / ${outputs * entries}u; let h = inner / ${outputs}u % ${entries}u;`;
  return {
    left: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `${inner}
  ${place('row', height, width)}
  return pixel_dz${suffix}(sample, output_position(at_y, v), output_position(at_x, h), output);`,
    },
    right: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `${inner}
  return folded${suffix}(folded_at(vec2u(v, h), column, output));`,
    },
  };
}

/** WGSL: what {@link foldedInputGradientOperands} call. */
export function foldedInputGradientCode(geometry: ConvolutionShape): string {
  const { outHeight, outWidth, outputs, scale } = geometry;
  return `${foldedCode(geometry)}
${pixel('dz', outHeight, outWidth, outputs)}
fn output_position(at: i32, entry: u32) -> i32 { return (at - shift_of(entry)) * ${scale} + i32(phase_of(entry)); }`;
}
