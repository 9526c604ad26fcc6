import { type Activation, LAYER_NORM_EPSILON } from '@nem/core/spec';
import { float, type Kernel, WORKGROUP } from '../plan/kernel.js';
import { activationCode } from './activation.js';

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

/** WGSL: mean, deviation and scale of a row; `first` reads an element, and `again` reads it once more. */
const STATISTICS = (size: number, epsilon: number, first = 'z(base + i)', again = first) => `
  var total = 0.0;
  for (var i = lane; i < ${size}u; i += ${WORKGROUP}u) { total += ${first}; }
  let mean = workgroup_sum(lane, total) / ${float(size)};
  var squares = 0.0;
  for (var i = lane; i < ${size}u; i += ${WORKGROUP}u) { let centred = ${again} - mean; squares += centred * centred; }
  let deviation = 1.0 / sqrt(workgroup_sum(lane, squares) / ${float(size)} + ${float(epsilon)});
  if (lane == 0u) { set_scale(group.x, deviation); }`;

/** WGSL: element i of the sum of a buffer's parts, [parts, count]. */
const summed = (buffer: string, parts: number, count: number) => `fn summed_${buffer}(i: u32) -> f32 {
  var sum = ${buffer}(i);
  for (var part = 1u; part < ${parts}u; part++) { sum += ${buffer}(part * ${count}u + i); }
  return sum;
}`;

/**
 * z → the normalised rows, their scales, y = activation(gain · normalised + offset), and h for the recurrent layer.
 * @param parts in which z stands
 */
export function normForward(spec: NormSpec, parts = 1): Kernel {
  const { rows, size, channels, activation, gainAt, recurrent } = spec;
  // An invocation comes back to the same elements: their sum waits where the normalised ones go.
  const [first, again] = parts === 1 ? ['z(base + i)', 'z(base + i)'] : ['gather(base + i)', 'normalized(base + i)'];
  const gather = `${summed('z', parts, rows * size)}
fn gather(i: u32) -> f32 { let value = summed_z(i); set_normalized(i, value); return value; }`;
  return {
    name: 'layer norm',
    buffers: {
      z: 'read',
      parameters: 'read',
      normalized: 'read_write',
      scale: 'read_write',
      y: 'read_write',
      ...(recurrent ? { hidden: 'read_write' as const } : {}),
    },
    cost: { words: rows * size * (parts + (recurrent ? 3 : 2)) },
    sums: true,
    code: `${activationCode(activation)}
${parts === 1 ? '' : gather}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;${STATISTICS(size, LAYER_NORM_EPSILON, first, again)}
  for (var i = lane; i < ${size}u; i += ${WORKGROUP}u) {
    let whole = ${again};
    let unit = (whole - mean) * deviation;
    let c = i % ${channels}u;
    set_normalized(base + i, unit);
    set_y(base + i, activate(unit * parameters(${gainAt}u + c) + parameters(${gainAt + channels}u + c)));
    ${recurrent ? 'set_hidden(base + i, activate(whole));' : ''}
  }
}`,
  };
}

/** Sums of g and of g · normalised over a row's positions, for channel c, by code that `visit`s them. */
function channelSums(channels: number, positions: number): string {
  if (channels > WORKGROUP) {
    return `for (var c = lane; c < ${channels}u; c += ${WORKGROUP}u) {
    var plain = 0.0; var weighted = 0.0;
    for (var p = 0u; p < ${positions}u; p++) {
      let i = base + p * ${channels}u + c; let g = summed_dy(i) * slope(value(i, c));
      plain += g; weighted += g * normalized(i);
    }
    keep(group.x, c, plain, weighted);
    total += plain * parameters(GAIN + c); projected += weighted * parameters(GAIN + c);
  }`;
  }
  const teams = Math.floor(WORKGROUP / channels);
  return `var plain = 0.0; var weighted = 0.0;
  let channel = lane % ${channels}u;
  if (lane < ${teams * channels}u) {
    for (var p = lane / ${channels}u; p < ${positions}u; p += ${teams}u) {
      let i = base + p * ${channels}u + channel; let g = summed_dy(i) * slope(value(i, channel));
      plain += g; weighted += g * normalized(i);
    }
  }
  plainSums[lane] = plain; weightedSums[lane] = weighted;
  workgroupBarrier();
  if (lane < ${channels}u) {
    for (var team = 1u; team < ${teams}u; team++) {
      plain += plainSums[lane + team * ${channels}u]; weighted += weightedSums[lane + team * ${channels}u];
    }
    keep(group.x, lane, plain, weighted);
    total = plain * parameters(GAIN + lane); projected = weighted * parameters(GAIN + lane);
  }`;
}

/**
 * dy → dz, written over the normalised rows; gain's and offset's gradients are summed up by row in `sums`, [rows, 2, channels].
 * extra(0): 1 at the first launch, which starts the sums; extra(1): 1 where `dh` (the gradient by the new h) counts.
 * @param parts in which dy stands
 */
export function normBackward(spec: NormSpec, parts = 1): Kernel {
  const { rows, size, channels, activation, gainAt, recurrent, again = false } = spec;
  const positions = size / channels;
  return {
    name: 'layer norm gradient',
    buffers: {
      dy: 'read',
      y: again ? 'read_write' : 'read',
      normalized: 'read_write',
      scale: 'read',
      parameters: 'read',
      gradients: 'read_write',
      ...(recurrent ? { dh: 'read' as const, hidden: 'read' as const } : {}),
    },
    cost: { words: rows * size * (parts + (recurrent ? 5 : 3)) },
    sums: true,
    code: `${activationCode(activation)}
${summed('dy', parts, rows * size)}
const GAIN = ${gainAt}u;
fn value(i: u32, c: u32) -> f32 {
  ${again ? `return activate(normalized(i) * parameters(GAIN + c) + parameters(GAIN + ${channels}u + c));` : 'return y(i);'}
}
var<workgroup> plainSums: array<f32, ${WORKGROUP}>;
var<workgroup> weightedSums: array<f32, ${WORKGROUP}>;
fn keep(row: u32, c: u32, plain: f32, weighted: f32) {
  let at = row * ${2 * channels}u + c;
  if (extra(0) == 1u) { set_gradients(at, weighted); set_gradients(at + ${channels}u, plain); }
  else { set_gradients(at, gradients(at) + weighted); set_gradients(at + ${channels}u, gradients(at + ${channels}u) + plain); }
}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  var total = 0.0; var projected = 0.0;
  ${channelSums(channels, positions)}
  let mean = workgroup_sum(lane, total) / ${float(size)};
  let projection = workgroup_sum(lane, projected) / ${float(size)};
  for (var e = lane; e < ${size}u; e += ${WORKGROUP}u) {
    let i = base + e; let c = e % ${channels}u;
    let now = value(i, c);
    ${again ? 'set_y(i, now);' : ''}
    let g = summed_dy(i) * slope(now) * parameters(GAIN + c);
    var dz = (g - mean - normalized(i) * projection) * scale(group.x);
    ${recurrent ? 'if (extra(1) == 1u) { dz += dh(i) * slope(hidden(i)); }' : ''}
    set_normalized(i, dz);
  }
}`,
  };
}

/** Each row of z to mean 0 and variance 1, without an epsilon. */
export function inputNormForward(rows: number, size: number): Kernel {
  return {
    name: 'input norm',
    buffers: { z: 'read', scale: 'read_write', y: 'read_write' },
    cost: { words: 2 * rows * size },
    sums: true,
    code: `fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;${STATISTICS(size, 0)}
  for (var i = lane; i < ${size}u; i += ${WORKGROUP}u) { set_y(base + i, (z(base + i) - mean) * deviation); }
}`,
  };
}

/** Gradient of {@link inputNormForward} by its input. */
export function inputNormBackward(rows: number, size: number): Kernel {
  return {
    name: 'input norm gradient',
    buffers: { dy: 'read', y: 'read', scale: 'read', dx: 'read_write' },
    cost: { words: 3 * rows * size },
    sums: true,
    code: `fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  var total = 0.0; var projected = 0.0;
  for (var i = base + lane; i < base + ${size}u; i += ${WORKGROUP}u) { total += dy(i); projected += dy(i) * y(i); }
  let mean = workgroup_sum(lane, total) / ${float(size)};
  let projection = workgroup_sum(lane, projected) / ${float(size)};
  for (var i = base + lane; i < base + ${size}u; i += ${WORKGROUP}u) {
    set_dx(i, (dy(i) - mean - y(i) * projection) * scale(group.x));
  }
}`,
  };
}
