/**
 * A resize-convolution without the enlarged image. The layer enlarges [H, W, C] by nearest neighbour to [sH, sW, C] (s: `scale`) and
 * convolves that with the weights [k, k, C, O] and SAME padding. Along each axis, the output at s · y + p (its phase p is 0 to s − 1) meets
 * with tap u the small pixel y + ⌊(p + u − before) / s⌋: several taps meet the same one, at the same shift from y. The folded kernel has one
 * entry for each phase and shift, the sum of these taps, `first` to `last`:
 *
 *     F[v, h, c, o] = Σ W[u, w, c, o]    over first(v) ≤ u ≤ last(v), first(h) ≤ w ≤ last(h)
 *
 * It is [entries, entries, C, O], where v and h number the entries of all phases along an axis. With it the output at (s · y + p, s · x + q) is
 * a product on the small image, over the entries v of the phase p and h of the phase q:
 *
 *     z[s · y + p, s · x + q, o] = b[o] + Σ F[v, h, c, o] · image[y + shift(v), x + shift(h), c]
 *
 * The number of a phase in the code is p · s + q.
 */

import { phases } from '@nem/core';
import { elementwise, type Kernel } from '../plan/kernel.js';
import { type ConvolutionShape, pixel, place } from './convolution.js';
import { inForms, inVectors } from './operand.js';
import type { Operands } from './product.js';

/** The entries of the folded kernel along an axis, those of phase 0 first. */
interface FoldedAxis {
  /** Number of entries over all phases. */
  readonly entries: number;
  /** First entry and number of entries of each phase. */
  readonly start: readonly number[];
  readonly size: readonly number[];
  /** Phase and shift (in small pixels, from the output's own) of each entry. */
  readonly phase: readonly number[];
  readonly shift: readonly number[];
  /** First and last tap of the original kernel that each entry sums up. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** The folded kernel's entries along one axis, from @nem/core's phases. */
export function foldedAxis(kernel: number, scale: number): FoldedAxis {
  const axis = { start: [] as number[], size: [] as number[], phase: [] as number[], shift: [] as number[] };
  const first: number[] = [];
  const last: number[] = [];
  for (const [phase, { before, taps, size }] of phases(kernel, scale).entries()) {
    axis.start.push(axis.phase.length);
    axis.size.push(size);
    for (let entry = 0; entry < size; entry++) {
      const summed = Array.from(taps.subarray(entry * kernel, (entry + 1) * kernel));
      axis.phase.push(phase);
      axis.shift.push(entry - before);
      first.push(summed.indexOf(1));
      last.push(summed.lastIndexOf(1));
    }
  }
  return { entries: axis.phase.length, ...axis, first, last };
}

/** WGSL: the axis as constant arrays. */
function axisTables(axis: FoldedAxis): string {
  const list = (name: string, values: readonly number[]) =>
    `const ${name} = array<i32, ${values.length}>(${values.join(', ')});`;
  return [
    list('START', axis.start),
    list('SIZE', axis.size),
    list('PHASE', axis.phase),
    list('SHIFT', axis.shift),
    list('FIRST', axis.first),
    list('LAST', axis.last),
  ].join('\n');
}

/** The folded kernel [entries, entries, C, O] from the weights [k, k, C, O]. */
export function foldKernel(c: ConvolutionShape, weightsAt: number): Kernel<'parameters' | 'folded'> {
  const axis = foldedAxis(c.kernel, c.scale);
  const { entries } = axis;
  // Weights of one tap, or of one entry: [C, O].
  const block = c.channels * c.outputs;
  return elementwise({
    name: 'fold kernel',
    bindings: { parameters: 'read', folded: 'read_write' },
    count: entries ** 2 * block,
    words: (entries ** 2 + c.kernel ** 2) * block,
    body: `  var firsts = FIRST; var lasts = LAST;
  let v = i / ${entries * block}u; let h = i / ${block}u % ${entries}u;
  var sum = 0.0;
  for (var u = firsts[v]; u <= lasts[v]; u++) {
    for (var w = firsts[h]; w <= lasts[h]; w++) { sum += parameters(${weightsAt}u + u32(u * ${c.kernel} + w) * ${block}u + i % ${block}u); }
  }
  set_folded(i, sum);`,
    helpers: axisTables(axis),
  });
}

/**
 * The gradient of the weights from that of the folded kernel: each tap has the sum over the entries that it is summed up in, and over the
 * parts, [parts, entries, entries, C, O] → [k, k, C, O].
 */
export function unfoldGradient(c: ConvolutionShape, parts: number): Kernel<'partial' | 'out'> {
  const axis = foldedAxis(c.kernel, c.scale);
  const { entries } = axis;
  // Weights of one tap, or of one entry: [C, O].
  const block = c.channels * c.outputs;
  return elementwise({
    name: 'unfold kernel gradient',
    bindings: { partial: 'read', out: 'read_write' },
    count: c.kernel ** 2 * block,
    words: (parts * entries ** 2 + c.kernel ** 2) * block,
    body: `  var firsts = FIRST; var lasts = LAST;
  let u = i32(i / ${c.kernel * block}u); let w = i32(i / ${block}u % ${c.kernel}u);
  var sum = 0.0;
  for (var v = 0u; v < ${entries}u; v++) {
    if (u < firsts[v] || u > lasts[v]) { continue; }
    for (var h = 0u; h < ${entries}u; h++) {
      if (w < firsts[h] || w > lasts[h]) { continue; }
      for (var p = 0u; p < ${parts}u; p++) { sum += partial(((p * ${entries}u + v) * ${entries}u + h) * ${block}u + i % ${block}u); }
    }
  }
  set_out(i, sum);`,
    helpers: axisTables(axis),
  });
}

/**
 * WGSL for all three products: the tables of the axis and their functions. `entries_of(phase, tap)` gives the entries (v, h) of a phase's tap,
 * numbered row by row, `taps_of(phase)` the number of its taps, and `folded_at` an element's place in the folded kernel.
 */
export function foldedCode(c: ConvolutionShape): string {
  const { scale, channels, outputs } = c;
  const axis = foldedAxis(c.kernel, scale);
  return `${axisTables(axis)}
fn size_of(phase: u32) -> u32 { var sizes = SIZE; return u32(sizes[phase]); }
fn start_of(phase: u32) -> u32 { var starts = START; return u32(starts[phase]); }
fn shift_of(entry: u32) -> i32 { var shifts = SHIFT; return shifts[entry]; }
fn phase_of(entry: u32) -> u32 { var list = PHASE; return u32(list[entry]); }
fn entries_of(phase: u32, tap: u32) -> vec2u {
  let across = size_of(phase % ${scale}u);
  return vec2u(start_of(phase / ${scale}u) + tap / across, start_of(phase % ${scale}u) + tap % across);
}
fn taps_of(phase: u32) -> u32 { return size_of(phase / ${scale}u) * size_of(phase % ${scale}u); }
fn folded_at(entries: vec2u, channel: u32, output: u32) -> u32 {
  return ((entries.x * ${axis.entries}u + entries.y) * ${channels}u + channel) * ${outputs}u + output;
}`;
}

/** Small patches of x for a phase: row (sample, y, x of the small image), inner (tap, channel). */
export function foldedPatches(c: ConvolutionShape): string {
  return `${foldedCode(c)}
${pixel('x', c.height, c.width, c.channels)}
${inForms(
  inVectors(c.channels),
  ({ suffix, type }) => `fn image_patch${suffix}(row: u32, inner: u32, phase: u32) -> ${type} {
  let channel = inner % ${c.channels}u; let entries = entries_of(phase, inner / ${c.channels}u);
  ${place('row', c.height, c.width)}
  return pixel_x${suffix}(sample, at_y + shift_of(entries.x), at_x + shift_of(entries.y), channel);
}`,
)}`;
}

/** Place of a phase's output for small pixel `row` in the large image. */
export function largePlace(c: ConvolutionShape): string {
  return `fn large(row: u32, column: u32, phase: u32) -> u32 {
  ${place('row', c.height, c.width)}
  let y = u32(at_y) * ${c.scale}u + phase / ${c.scale}u; let x = u32(at_x) * ${c.scale}u + phase % ${c.scale}u;
  return ((sample * ${c.outHeight}u + y) * ${c.outWidth}u + x) * ${c.outputs}u + column;
}`;
}

/** Input gradient of a folded resize-convolution: inner (entry row, entry column, output). */
export function foldedInputGradientOperands(c: ConvolutionShape): Operands {
  const { entries } = foldedAxis(c.kernel, c.scale);
  const vector = inVectors(c.outputs);
  const inner = `let output = inner % ${c.outputs}u; let tap = inner / ${c.outputs}u;`;
  return {
    left: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `${inner}
  ${place('row', c.height, c.width)}
  return pixel_dz${suffix}(sample, large_position(at_y, tap / ${entries}u), large_position(at_x, tap % ${entries}u), output);`,
    },
    right: {
      alongInner: true,
      vector,
      body: ({ suffix }) => `${inner}
  return folded${suffix}(folded_at(vec2u(tap / ${entries}u, tap % ${entries}u), column, output));`,
    },
  };
}

/** WGSL: what {@link foldedInputGradientOperands} call. */
export function foldedInputGradientCode(c: ConvolutionShape): string {
  return `${foldedCode(c)}
${pixel('dz', c.outHeight, c.outWidth, c.outputs)}
fn large_position(at: i32, entry: u32) -> i32 { return (at - shift_of(entry)) * ${c.scale} + i32(phase_of(entry)); }`;
}
