import { LAYER_NORM_EPSILON } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { normBackward, normForward, normOutput, standardize, standardizeGradient } from './norm.js';
import { runInstruction } from './run-instruction.fixture.js';
import {
  activated,
  activation,
  drawer,
  expectClose,
  type NamedActivation,
  seed,
  size,
  slopeOf,
} from './values.fixture.js';

interface Case {
  readonly rows: number;
  readonly positions: number;
  readonly channels: number;
  readonly activation: NamedActivation;
  readonly seed: number;
}

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 3 }),
  positions: fc.integer({ min: 1, max: 7 }),
  channels: size.filter((channels) => channels > 1),
  activation,
  seed,
});

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function normalize(row: Float32Array, epsilon: number) {
  const centre = mean(row);
  const scale = 1 / Math.sqrt(mean(row.map((value) => (value - centre) ** 2)) + epsilon);
  return { scale, normalized: Array.from(row, (value) => (value - centre) * scale) };
}

const rowsOf = (array: Float32Array, length: number) =>
  Array.from({ length: array.length / length }, (_, i) => array.subarray(i * length, (i + 1) * length));

/** The composite form in double precision. */
function forward({ channels, activation, positions }: Case, z: Float32Array, gain: Float32Array, offset: Float32Array) {
  const rows = rowsOf(z, positions * channels).map((row) => normalize(row, LAYER_NORM_EPSILON));
  const normalized = rows.flatMap((row) => row.normalized);
  const y = normalized.map((value, i) => activated(activation, value * gain[i % channels]! + offset[i % channels]!));
  return { normalized, y, scale: rows.map((row) => row.scale), hidden: Array.from(z, (x) => activated(activation, x)) };
}

function arraysOf({ rows, positions, channels, seed }: Case) {
  const draw = drawer(seed);
  const all = rows * positions * channels;
  return { draw, all, z: draw(all), gain: draw(channels, 0.5, 1.5), offset: draw(channels, -0.5, 0.5) };
}

const sizesOf = ({ rows, positions, channels, activation }: Case) => ({
  rows,
  length: positions * channels,
  channels,
  activation: activation.number,
});

describe.each(allKernels)('%s', (_, kernels) => {
  it('normalises as the composite form does', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { all, z, gain, offset } = arraysOf(one);
        const [normalized, y, hidden] = [new Float32Array(all), new Float32Array(all), new Float32Array(all)];
        const scale = new Float32Array(one.rows);
        const given = { ...sizesOf(one), epsilon: LAYER_NORM_EPSILON, z, gain, offset, normalized, scale, y, hidden };
        const after = runInstruction(kernels, normForward, given);
        const expected = forward(one, z, gain, offset);
        expectClose(after(normalized), expected.normalized, 2e-5);
        expectClose(after(scale), expected.scale, 2e-5);
        expectClose(after(y), expected.y, 2e-5);
        expectClose(after(hidden), expected.hidden);
        const again = new Float32Array(all);
        const rest = { ...sizesOf(one), normalized: after(normalized), gain, offset, y: again };
        expect(runInstruction(kernels, normOutput, rest)(again)).toEqual(after(y));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it("has the composite form's gradients", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), (one, recurrent) => {
        const { draw, all, z, gain, offset } = arraysOf(one);
        const { normalized, y, scale, hidden } = forward(one, z, gain, offset);
        const [dy, dh, sum] = [draw(all), draw(all), draw(one.channels)];
        const [gainSum, offsetSum, biasSum] = [sum.slice(), sum.slice(), sum.slice()];
        const state = { y: Float32Array.from(y), normalized: Float32Array.from(normalized) };
        const extra = recurrent
          ? { hiddenGradient: dh, hidden: Float32Array.from(hidden) }
          : { hiddenGradient: undefined, hidden: undefined };
        const sums = { gainSum, offsetSum, biasSum };
        const rest = { ...state, dy, scale: Float32Array.from(scale), gain, ...sums, ...extra };
        const after = runInstruction(kernels, normBackward, { ...sizesOf(one), ...rest });
        const expected = backward(one, { y, normalized, scale, hidden, gain, dy, dh: recurrent ? dh : undefined });
        expectClose(after(state.normalized), expected.dz, 1e-4);
        const plus = (sums: number[]) => sums.map((value, c) => value + sum[c]!);
        expectClose(after(gainSum), plus(expected.gain), 1e-5);
        expectClose(after(offsetSum), plus(expected.offset), 1e-5);
        expectClose(after(biasSum), plus(expected.bias), 1e-4);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('standardises a row, and has the gradient', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 70 }), seed, (length, seed) => {
        const draw = drawer(seed);
        const [x, dy] = [draw(2 * length), draw(2 * length)];
        const [y, scale] = [new Float32Array(2 * length), new Float32Array(2)];
        const after = runInstruction(kernels, standardize, { rows: 2, length, x, y, scale });
        const rows = rowsOf(x, length).map((row) => normalize(row, 0));
        const normalized = rows.flatMap((row) => row.normalized);
        expectClose(after(y), normalized, 1e-4);
        const gradient = { rows: 2, length, y: after(y), scale: after(scale), dy };
        const dx = runInstruction(kernels, standardizeGradient, gradient)(dy);
        const scales = rows.map((row) => row.scale);
        expectClose(dx, throughNorm(Array.from(dy), normalized, scales, length), 1e-3);
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

/** The gradient with respect to what is normalised. */
function throughNorm(gradient: number[], normalized: number[], scale: number[], length: number): number[] {
  return scale.flatMap((factor, row) => {
    const of = (values: number[]) => values.slice(row * length, (row + 1) * length);
    const [g, n] = [of(gradient), of(normalized)];
    const [centre, along] = [mean(g), mean(g.map((value, i) => value * n[i]!))];
    return g.map((value, i) => (value - centre - n[i]! * along) * factor);
  });
}

interface State {
  readonly y: number[];
  readonly normalized: number[];
  readonly scale: number[];
  readonly hidden: number[];
  readonly gain: Float32Array;
  readonly dy: Float32Array;
  readonly dh: Float32Array | undefined;
}

function backward({ channels, positions, activation }: Case, { y, normalized, scale, hidden, gain, dy, dh }: State) {
  const before = y.map((value, i) => dy[i]! * slopeOf(activation, value));
  const byChannel = (values: number[]) =>
    Array.from({ length: channels }, (_, c) =>
      values.filter((_, i) => i % channels === c).reduce((sum, value) => sum + value, 0),
    );
  const scaled = before.map((value, i) => value * gain[i % channels]!);
  const own = throughNorm(scaled, normalized, scale, positions * channels);
  const dz = own.map((value, i) => value + (dh ? dh[i]! * slopeOf(activation, hidden[i]!) : 0));
  return {
    dz,
    gain: byChannel(before.map((value, i) => value * normalized[i]!)),
    offset: byChannel(before),
    bias: byChannel(dz),
  };
}
