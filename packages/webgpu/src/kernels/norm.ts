import { type Activation, LAYER_NORM_EPSILON } from '@nem/core/spec';
import { float, type Kernel } from '../plan/kernel.js';
import { activationCode } from './activation.js';
import { type Form, reading, writing } from './operand.js';
import { Rows } from './rows.js';

/** A layer norm over rows of `size` elements, whose last axis has `channels`; one workgroup for each row. */
export interface NormSpec {
  readonly rows: number;
  readonly size: number;
  readonly channels: number;
  readonly activation: Activation;
  /** Where its gain stands among the parameters; the offset follows it. */
  readonly gainAt: number;
  /** The recurrent layer's: with the new h = activation(z) before the norm. */
  readonly recurrent: boolean;
  /** Whether the gradient's launch writes y once more, from the normalised rows, instead of reading it. Default false. */
  readonly again?: boolean;
}

/** Most vectors of a row that an invocation keeps in registers; those of a longer one it reads once more. */
const MOST_KEPT = 32;

/** WGSL: an invocation's element of z in a turn, after the first. */
const known = ({ turns }: Rows) => (turns > MOST_KEPT ? 'summed_z(base + e)' : 'row[turn]');

/** WGSL: the row's mean, and the scale to a variance of 1. */
function statistics(rows: Rows, size: number, epsilon: number): string {
  const { type } = rows.form;
  const kept = rows.turns <= MOST_KEPT;
  return `let base = group.x * ${size}u;
  ${kept ? `var row: array<${type}, ${rows.turns}>;` : ''}
  var total = ${type}();
  ${rows.each(`let value = summed_z(base + e); ${kept ? 'row[turn] = value;' : ''} total += value;`)}
  let mean = workgroup_sum(lane, across(total)) / ${float(size)};
  var squares = ${type}();
  ${rows.each(`let centred = ${known(rows)} - mean; squares += centred * centred;`)}
  let deviation = 1.0 / sqrt(workgroup_sum(lane, across(squares)) / ${float(size)} + ${float(epsilon)});
  if (lane == 0u) { set_scale(group.x, deviation); }`;
}

/** WGSL: element i of the sum of a buffer's parts, [parts, count]. */
const summed = (
  buffer: string,
  { suffix, type }: Form,
  parts: number,
  count: number,
) => `fn summed_${buffer}(i: u32) -> ${type} {
  var sum = ${buffer}${suffix}(i);
  for (var part = 1u; part < ${parts}u; part++) { sum += ${buffer}${suffix}(part * ${count}u + i); }
  return sum;
}`;

/**
 * z → the normalised rows, their scales, y = activation(gain · normalised + offset), and h for the recurrent layer.
 * @param parts in which z stands
 */
export function normForward(spec: NormSpec, parts = 1): Kernel {
  const { rows: count, size, channels, activation, gainAt, recurrent } = spec;
  const rows = new Rows(size, channels);
  const { form, vector } = rows;
  const { suffix } = form;
  return {
    name: 'layer norm',
    buffers: {
      z: reading(vector),
      parameters: reading(vector),
      normalized: writing(vector),
      scale: 'read_write',
      y: writing(vector),
      ...(recurrent ? { hidden: writing(vector) } : {}),
    },
    cost: { words: count * size * (parts + (recurrent ? 3 : 2)) },
    sums: true,
    code: `${activationCode(activation, form)}
${rows.acrossCode()}
${summed('z', form, parts, count * size)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${statistics(rows, size, LAYER_NORM_EPSILON)}
  ${rows.each(`let value = ${known(rows)}; let unit = (value - mean) * deviation;
      let affine = unit * parameters${suffix}(${gainAt}u + c) + parameters${suffix}(${gainAt + channels}u + c);
      set_normalized${suffix}(base + e, unit);
      set_y${suffix}(base + e, activate${suffix}(affine));
      ${recurrent ? `set_hidden${suffix}(base + e, activate${suffix}(value));` : ''}`)}
}`,
  };
}

/**
 * dy → dz, written over the normalised rows; gain's and offset's gradients are summed up by row in `gradients`, [rows, 2, channels].
 * extra(0): 1 at the first launch, which starts the sums; extra(1): 1 where `dh` (the gradient by the new h) counts.
 * @param parts in which dy stands
 */
export function normBackward(spec: NormSpec, parts = 1): Kernel {
  const { rows: count, size, channels, activation, recurrent, again = false } = spec;
  const rows = new Rows(size, channels);
  const { form, vector } = rows;
  return {
    name: 'layer norm gradient',
    buffers: {
      dy: reading(vector),
      y: again ? writing(vector) : reading(vector),
      normalized: writing(vector),
      scale: 'read',
      parameters: reading(vector),
      gradients: writing(vector),
      ...(recurrent ? { dh: reading(vector), hidden: reading(vector) } : {}),
    },
    cost: { words: count * size * (parts + (recurrent ? 5 : 3)) },
    sums: true,
    code: `${activationCode(activation, form)}
${rows.acrossCode()}
${summed('dy', form, parts, count * size)}
${rows.channelSums().declare}
${backwardCode(spec, rows)}`,
  };
}

/** WGSL: `run` of {@link normBackward}. */
function backwardCode({ size, channels, gainAt, recurrent, again = false }: NormSpec, rows: Rows): string {
  const { suffix, type } = rows.form;
  const sums = rows.channelSums();
  // Of two arrays.
  const kept = 2 * rows.turns <= MOST_KEPT;
  const [unit, scaled] = kept
    ? ['units[turn]', 'slopes[turn]']
    : [`normalized${suffix}(i)`, `summed_dy(i) * slope${suffix}(y${suffix}(i)) * parameters${suffix}(GAIN + c)`];
  const y = again
    ? `activate${suffix}(n * parameters${suffix}(GAIN + c) + parameters${suffix}(GAIN + ${channels}u + c)); set_y${suffix}(i, now)`
    : `y${suffix}(i)`;
  return `const GAIN = ${gainAt}u;
var<private> sums_at: u32;
fn keep(c: u32, plain: ${type}, weighted: ${type}) {
  let at = sums_at + c;
  if (extra(0) == 1u) { set_gradients${suffix}(at, weighted); set_gradients${suffix}(at + ${channels}u, plain); return; }
  set_gradients${suffix}(at, gradients${suffix}(at) + weighted);
  set_gradients${suffix}(at + ${channels}u, gradients${suffix}(at + ${channels}u) + plain);
}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  sums_at = group.x * ${2 * channels}u;
  ${kept ? `var units: array<${type}, ${rows.turns}>; var slopes: array<${type}, ${rows.turns}>;` : ''}
  ${sums.start}
  var total = ${type}(); var projected = ${type}();
  ${rows.each(`let i = base + e; let n = normalized${suffix}(i);
      let now = ${y};
      let g = summed_dy(i) * slope${suffix}(now);
      let scaled = g * parameters${suffix}(GAIN + c);
      ${kept ? 'units[turn] = n; slopes[turn] = scaled;' : ''}
      ${sums.add('g', 'g * n')}
      total += scaled; projected += scaled * n;`)}
  ${sums.finish}
  let mean = workgroup_sum(lane, across(total)) / ${float(size)};
  let projection = workgroup_sum(lane, across(projected)) / ${float(size)};
  ${rows.each(`let i = base + e;
      var dz = (${scaled} - mean - ${unit} * projection) * scale(group.x);
      ${recurrent ? `if (extra(1) == 1u) { dz += dh${suffix}(i) * slope${suffix}(hidden${suffix}(i)); }` : ''}
      set_normalized${suffix}(i, dz);`)}
}`;
}

/** Each row of z to mean 0 and variance 1, without an epsilon. */
export function inputNormForward(count: number, size: number): Kernel {
  const rows = new Rows(size, size);
  const { form, vector } = rows;
  return {
    name: 'input norm',
    buffers: { z: reading(vector), scale: 'read_write', y: writing(vector) },
    cost: { words: 2 * count * size },
    sums: true,
    code: `${rows.acrossCode()}
${summed('z', form, 1, count * size)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${statistics(rows, size, 0)}
  ${rows.each(`set_y${form.suffix}(base + e, (${known(rows)} - mean) * deviation);`)}
}`,
  };
}

/** Gradient of {@link inputNormForward} by its input. */
export function inputNormBackward(count: number, size: number): Kernel {
  const rows = new Rows(size, size);
  const { vector } = rows;
  const { suffix, type } = rows.form;
  return {
    name: 'input norm gradient',
    buffers: { dy: reading(vector), y: reading(vector), scale: 'read', dx: writing(vector) },
    cost: { words: 3 * count * size },
    sums: true,
    code: `${rows.acrossCode()}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  var total = ${type}(); var projected = ${type}();
  ${rows.each(`let g = dy${suffix}(base + e); total += g; projected += g * y${suffix}(base + e);`)}
  let mean = workgroup_sum(lane, across(total)) / ${float(size)};
  let projection = workgroup_sum(lane, across(projected)) / ${float(size)};
  ${rows.each(`let i = base + e; set_dx${suffix}(i, (dy${suffix}(i) - mean - y${suffix}(i) * projection) * scale(group.x));`)}
}`,
  };
}
