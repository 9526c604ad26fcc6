/**
 * Layer normalisation and its gradient.
 *
 * A row is one sample's output of a layer: `size` elements, positions × channels with the channels innermost. Element e has the channel
 * c = e mod `channels`; `gain` and `offset` have one number for each channel. Forward, of a row z:
 *
 *     mean  = Σ z / size
 *     scale = 1 / √(Σ (z − mean)² / size + ε)
 *     n     = (z − mean) · scale                       the normalised row
 *     y     = activation(gain[c] · n + offset[c])
 *
 * Backward, from dy, the gradient with respect to y, with g = dy · activation′(y) and s = g · gain[c]:
 *
 *     dz          = (s − Σ s / size − n · Σ (s · n) / size) · scale
 *     dgain[c]    = Σ g · n                            over the elements of channel c
 *     doffset[c]  = Σ g
 *
 * z and dy may stand in parts, [parts, rows, size], whose sum is the value: parts of a product that is cut along its inner dimension.
 *
 * One workgroup computes one row, because every element needs sums over the whole row: those go through workgroup memory, by `workgroup_sum`.
 * Each invocation keeps its elements in registers from one pass over the row to the next, so that the row is read from memory once, unless it
 * is too long for that. `rows.ts` says which elements an invocation takes.
 */

import { type Activation, LAYER_NORM_EPSILON } from '@nem/core';
import { type Bindings, float, type Kernel } from '../plan/kernel.js';
import { activationCode } from './formulas.js';
import { type Form, reading, writing } from './operand.js';
import { Rows } from './rows.js';

/** A layer norm over `rows` rows of `size` elements. */
interface NormSpec {
  readonly rows: number;
  readonly size: number;
  /** Length of the last axis. */
  readonly channels: number;
  readonly activation: Activation;
  /** Where the gain is among the parameters; the offset follows it. */
  readonly gainAt: number;
}

/** What the gradient's kernel depends on. */
interface NormGradientSpec extends NormSpec {
  /** Whether the launch recomputes y from the normalised rows and writes it, instead of reading it. Default false. */
  readonly recomputes?: boolean;
}

/** A kernel without its bindings and arguments. */
type Body = Omit<Kernel<never>, 'bindings' | 'arguments'>;

const rowsOf = ({ size, channels }: NormSpec) => new Rows(size, channels);

/**
 * Most vectors of a row that an invocation keeps in registers; those of a longer row it reads from memory again. An estimate, not
 * measured yet: 32 vectors of four take 128 registers.
 */
const MOST_IN_REGISTERS = 32;

/** WGSL: an invocation's element of z in a turn, once {@link meanAndScale} has read it. */
const elementOfTurn = ({ turns }: Rows) => (turns > MOST_IN_REGISTERS ? 'summed_z(base + e)' : 'row[turn]');

/** WGSL: `base`, the row's first element; `mean`; and `inverse_deviation`, the scale of the formula, which is stored. */
function meanAndScale(rows: Rows, size: number, epsilon: number): string {
  const { type } = rows.form;
  const inRegisters = rows.turns <= MOST_IN_REGISTERS;
  return `let base = group.x * ${size}u;
  ${inRegisters ? `var row: array<${type}, ${rows.turns}>;` : ''}
  var total = ${type}();
  ${rows.each(`let value = summed_z(base + e); ${inRegisters ? 'row[turn] = value;' : ''} total += value;`)}
  let mean = workgroup_sum(lane, across(total)) / ${float(size)};
  var squares = ${type}();
  ${rows.each(`let centred = ${elementOfTurn(rows)} - mean; squares += centred * centred;`)}
  let inverse_deviation = 1.0 / sqrt(workgroup_sum(lane, across(squares)) / ${float(size)} + ${float(epsilon)});
  if (lane == 0u) { set_scale(group.x, inverse_deviation); }`;
}

/** WGSL: `summed_b(i)`, element i of the sum of the parts of a binding b, [parts, count]. */
const sumOfParts = (
  binding: string,
  { suffix, type }: Form,
  parts: number,
  count: number,
) => `fn summed_${binding}(i: u32) -> ${type} {
  var sum = ${binding}${suffix}(i);
  for (var part = 1u; part < ${parts}u; part++) { sum += ${binding}${suffix}(part * ${count}u + i); }
  return sum;
}`;

type ForwardBinding = 'z' | 'parameters' | 'normalized' | 'scale' | 'y';

const forwardBindings = ({ vector }: Rows): Bindings<ForwardBinding> => ({
  z: reading(vector),
  parameters: reading(vector),
  normalized: writing(vector),
  scale: 'read_write',
  y: writing(vector),
});

/**
 * The forward kernel without its bindings. Its passes over a row: the mean, the variance, the results.
 * @param arrays how many arrays of a row's size it writes, beside reading z
 * @param storeMore WGSL that stores more of each element from its `value` of z
 */
function forwardBody(spec: NormSpec, parts: number, arrays: number, storeMore: string): Body {
  const { rows: count, size, channels, activation, gainAt } = spec;
  const rows = rowsOf(spec);
  const { suffix } = rows.form;
  return {
    name: 'layer norm',
    cost: { words: count * size * (parts + arrays) },
    sums: true,
    code: `${activationCode(activation, rows.form)}
${rows.acrossCode()}
${sumOfParts('z', rows.form, parts, count * size)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${meanAndScale(rows, size, LAYER_NORM_EPSILON)}
  ${rows.each(`let value = ${elementOfTurn(rows)}; let n = (value - mean) * inverse_deviation;
      let affine = n * parameters${suffix}(${gainAt}u + c) + parameters${suffix}(${gainAt + channels}u + c);
      set_normalized${suffix}(base + e, n);
      set_y${suffix}(base + e, activate${suffix}(affine));
      ${storeMore}`)}
}`,
  };
}

/**
 * z [parts, rows, size] → the normalised rows [rows, size], their scales [rows] and y [rows, size].
 * @param parts how many parts z has
 */
export function normForward(spec: NormSpec, parts = 1): Kernel<ForwardBinding> {
  return { ...forwardBody(spec, parts, 2, ''), bindings: forwardBindings(rowsOf(spec)) };
}

/** {@link normForward} of the recurrent layer, which also writes the new hidden state, activation(z) [rows, size]. */
export function recurrentNormForward(spec: NormSpec, parts = 1): Kernel<ForwardBinding | 'hidden'> {
  const rows = rowsOf(spec);
  const { suffix } = rows.form;
  const bindings = { ...forwardBindings(rows), hidden: writing(rows.vector) };
  return { ...forwardBody(spec, parts, 3, `set_hidden${suffix}(base + e, activate${suffix}(value));`), bindings };
}

type BackwardBinding = 'dy' | 'y' | 'normalized' | 'scale' | 'parameters' | 'gradients';

const backwardBindings = ({ vector }: Rows, recomputes: boolean): Bindings<BackwardBinding> => ({
  dy: reading(vector),
  y: recomputes ? writing(vector) : reading(vector),
  normalized: writing(vector),
  scale: 'read',
  parameters: reading(vector),
  gradients: writing(vector),
});

/**
 * The gradient's kernel without its bindings.
 * @param arrays how many arrays of a row's size it reads and writes, beside dy
 * @param addMore WGSL that adds to `dz` of each element i
 */
function backwardBody(spec: NormGradientSpec, parts: number, arrays: number, addMore: string): Body {
  const { rows: count, size, activation } = spec;
  const rows = rowsOf(spec);
  return {
    name: 'layer norm gradient',
    cost: { words: count * size * (parts + arrays) },
    sums: true,
    code: `${activationCode(activation, rows.form)}
${rows.acrossCode()}
${sumOfParts('dy', rows.form, parts, count * size)}
${rows.channelSums().declare}
const GAIN = ${spec.gainAt}u;
${keepCode(spec, rows)}
${backwardRun(spec, rows, addMore)}`,
  };
}

/**
 * dy [parts, rows, size] → dz [rows, size], written over the normalised rows; the gradients of gain and offset are summed up by row in
 * `gradients`, [rows, 2, channels], which a launch with `starts` = 1 starts and others add to.
 * @param parts how many parts dy has
 */
export function normBackward(spec: NormGradientSpec, parts = 1): Kernel<BackwardBinding, 'starts'> {
  const bindings = backwardBindings(rowsOf(spec), spec.recomputes ?? false);
  return { ...backwardBody(spec, parts, 3, ''), bindings, arguments: ['starts'] };
}

/**
 * {@link normBackward} of the recurrent layer, whose z also makes the hidden state: where `has_next` is 1, `dh`, the gradient with respect
 * to the new hidden state, reaches dz through activation′(hidden).
 */
export function recurrentNormBackward(
  spec: NormSpec,
  parts = 1,
): Kernel<BackwardBinding | 'dh' | 'hidden', 'starts' | 'has_next'> {
  const rows = rowsOf(spec);
  const { suffix } = rows.form;
  const read = reading(rows.vector);
  const carried = `if (has_next() == 1u) { dz += dh${suffix}(i) * slope${suffix}(hidden${suffix}(i)); }`;
  return {
    ...backwardBody(spec, parts, 5, carried),
    bindings: { ...backwardBindings(rows, false), dh: read, hidden: read },
    arguments: ['starts', 'has_next'],
  };
}

/** WGSL: `keep(c, g_sum, gn_sum)` adds the row's Σ g and Σ g · n of channel c to `gradients`. */
function keepCode({ channels }: NormSpec, { form: { suffix, type } }: Rows): string {
  return `var<private> sums_at: u32;
fn keep(c: u32, g_sum: ${type}, gn_sum: ${type}) {
  let at = sums_at + c;
  if (starts() == 1u) { set_gradients${suffix}(at, gn_sum); set_gradients${suffix}(at + ${channels}u, g_sum); return; }
  set_gradients${suffix}(at, gradients${suffix}(at) + gn_sum);
  set_gradients${suffix}(at + ${channels}u, gradients${suffix}(at + ${channels}u) + g_sum);
}`;
}

/** WGSL: y of element i; recomputed from its normalised value `n` and stored, or read. */
function outputOfElement({ channels, recomputes = false }: NormGradientSpec, { suffix }: Form): string {
  if (!recomputes) return `let output = y${suffix}(i);`;
  const affine = `n * parameters${suffix}(GAIN + c) + parameters${suffix}(GAIN + ${channels}u + c)`;
  return `let output = activate${suffix}(${affine}); set_y${suffix}(i, output);`;
}

/** WGSL: `run`. A first pass over the row sums up, a second one writes dz. */
function backwardRun(spec: NormGradientSpec, rows: Rows, addMore: string): string {
  const { size, channels } = spec;
  const { suffix, type } = rows.form;
  const sums = rows.channelSums();
  // Two arrays of them: n and s.
  const inRegisters = 2 * rows.turns <= MOST_IN_REGISTERS;
  const [n, s] = inRegisters
    ? ['n_row[turn]', 's_row[turn]']
    : [`normalized${suffix}(i)`, `summed_dy(i) * slope${suffix}(y${suffix}(i)) * parameters${suffix}(GAIN + c)`];
  return `fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  sums_at = group.x * ${2 * channels}u;
  ${inRegisters ? `var n_row: array<${type}, ${rows.turns}>; var s_row: array<${type}, ${rows.turns}>;` : ''}
  ${sums.start}
  var s_sum = ${type}(); var sn_sum = ${type}();
  ${rows.each(`let i = base + e; let n = normalized${suffix}(i);
      ${outputOfElement(spec, rows.form)}
      let g = summed_dy(i) * slope${suffix}(output);
      let s = g * parameters${suffix}(GAIN + c);
      ${inRegisters ? 'n_row[turn] = n; s_row[turn] = s;' : ''}
      ${sums.add('g', 'g * n')}
      s_sum += s; sn_sum += s * n;`)}
  ${sums.finish}
  let s_mean = workgroup_sum(lane, across(s_sum)) / ${float(size)};
  let sn_mean = workgroup_sum(lane, across(sn_sum)) / ${float(size)};
  ${rows.each(`let i = base + e;
      var dz = (${s} - s_mean - ${n} * sn_mean) * scale(group.x);
      ${addMore}
      set_normalized${suffix}(i, dz);`)}
}`;
}

/**
 * The normalisation of the network's input, z [rows, size] → y [rows, size] and the scales [rows]: each row to mean 0 and variance 1, without ε,
 * gain or offset.
 */
export function inputNormForward(count: number, size: number): Kernel<'z' | 'scale' | 'y'> {
  const rows = new Rows(size, size);
  const { form, vector } = rows;
  return {
    name: 'input norm',
    bindings: { z: reading(vector), scale: 'read_write', y: writing(vector) },
    cost: { words: 2 * count * size },
    sums: true,
    code: `${rows.acrossCode()}
${sumOfParts('z', form, 1, count * size)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${meanAndScale(rows, size, 0)}
  ${rows.each(`set_y${form.suffix}(base + e, (${elementOfTurn(rows)} - mean) * inverse_deviation);`)}
}`,
  };
}

/** Gradient of {@link inputNormForward} with respect to its input: dy, y [rows, size] and the scales [rows] → dx [rows, size]. */
export function inputNormBackward(count: number, size: number): Kernel<'dy' | 'y' | 'scale' | 'dx'> {
  const rows = new Rows(size, size);
  const { vector } = rows;
  const { suffix, type } = rows.form;
  return {
    name: 'input norm gradient',
    bindings: { dy: reading(vector), y: reading(vector), scale: 'read', dx: writing(vector) },
    cost: { words: 3 * count * size },
    sums: true,
    code: `${rows.acrossCode()}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let base = group.x * ${size}u;
  var g_sum = ${type}(); var gy_sum = ${type}();
  ${rows.each(`let g = dy${suffix}(base + e); g_sum += g; gy_sum += g * y${suffix}(base + e);`)}
  let g_mean = workgroup_sum(lane, across(g_sum)) / ${float(size)};
  let gy_mean = workgroup_sum(lane, across(gy_sum)) / ${float(size)};
  ${rows.each(`let i = base + e; set_dx${suffix}(i, (dy${suffix}(i) - g_mean - y${suffix}(i) * gy_mean) * scale(group.x));`)}
}`,
  };
}
