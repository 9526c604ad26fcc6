import { LAYER_NORM_EPSILON, relativeError } from '@nem/core';
import { deriveKey, fillUniform } from '@nem/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter } from '../dawn.fixture.js';
import { requestDevice } from '../device.js';
import { elementAt } from '../required.js';
import { launch } from './kernel.fixture.js';
import { normBackward, normForward, recurrentNormBackward, recurrentNormForward } from './norm.js';

const adapter = await dawnAdapter();
const ROWS = 2;
/** Where the gain stands among the parameters. */
const GAIN_AT = 8;

/** Values in [-1, 1), or from `least` on. */
const uniform = (name: string, count: number, least = -1) =>
  fillUniform(deriveKey(7, name), new Float32Array(count)).map((x) => least + (1 - least) * x);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Element e of row r of the sum of the parts of `x`. */
const whole = (x: Float32Array, parts: number, size: number, r: number) =>
  Array.from({ length: size }, (_, e) =>
    sum(Array.from({ length: parts }, (_, p) => elementAt(x, (p * ROWS + r) * size + e))),
  );

interface Case {
  readonly size: number;
  readonly channels: number;
  readonly parts: number;
  readonly recurrent?: boolean;
  readonly recomputes?: boolean;
}

const cases: readonly Case[] = [
  // One position, and all channels in one turn.
  { size: 20, channels: 20, parts: 3, recurrent: true },
  { size: 7, channels: 7, parts: 1, recurrent: true },
  // Positions by teams of invocations, with some that rest.
  { size: 49 * 12, channels: 12, parts: 2, recomputes: true },
  { size: 300 * 5, channels: 5, parts: 1 },
  { size: 784, channels: 1, parts: 2, recomputes: true },
  // More channels than a turn has.
  { size: 2 * 1100, channels: 1100, parts: 1, recomputes: true },
  { size: 3 * 259, channels: 259, parts: 2 },
  { size: 3136, channels: 3136, parts: 8 },
  // Too long to be kept, one way and both.
  { size: 20 * 1024, channels: 8, parts: 2, recomputes: true },
  { size: 33 * 1100, channels: 1100, parts: 2 },
];

/** What both directions start from. */
function inputs({ size, channels, parts }: Case) {
  const count = ROWS * size;
  const parameters = uniform('parameters', GAIN_AT + 2 * channels);
  return {
    parameters,
    gain: (e: number) => elementAt(parameters, GAIN_AT + (e % channels)),
    offset: (e: number) => elementAt(parameters, GAIN_AT + channels + (e % channels)),
    z: uniform('z', parts * count),
    dy: uniform('dy', parts * count),
    dh: uniform('dh', count),
    hidden: uniform('hidden', count, 0),
    gradients: uniform('gradients', ROWS * 2 * channels),
  };
}

type Inputs = ReturnType<typeof inputs>;

/** The definition, in double precision, row by row. */
function forwardReference({ size, parts }: Case, { z, gain, offset }: Inputs) {
  return Array.from({ length: ROWS }, (_, r) => {
    const row = whole(z, parts, size, r);
    const mean = sum(row) / size;
    const scale = 1 / Math.sqrt(sum(row.map((value) => (value - mean) ** 2)) / size + LAYER_NORM_EPSILON);
    const units = row.map((value) => (value - mean) * scale);
    return { scale, units, y: units.map((unit, e) => sigmoid(unit * gain(e) + offset(e))), hidden: row.map(sigmoid) };
  });
}

/** Its derivative; `first` starts the sums by row, and then nothing comes from the step after. */
function backwardReference(one: Case, from: Inputs, first: boolean) {
  const { size, channels, parts, recurrent } = one;
  const gradients = Array.from(from.gradients, (value) => (first ? 0 : value));
  const dz = forwardReference(one, from).flatMap(({ units, scale, y }, r) => {
    const slopes = whole(from.dy, parts, size, r).map((g, e) => g * elementAt(y, e) * (1 - elementAt(y, e)));
    for (const [e, g] of slopes.entries()) {
      const at = r * 2 * channels + (e % channels);
      gradients[at] = elementAt(gradients, at) + g * elementAt(units, e);
      gradients[at + channels] = elementAt(gradients, at + channels) + g;
    }
    const scaled = slopes.map((g, e) => g * from.gain(e));
    const mean = sum(scaled) / size;
    const projection = sum(scaled.map((g, e) => g * elementAt(units, e))) / size;
    return scaled.map((g, e) => {
      const h = elementAt(from.hidden, r * size + e);
      const carried = recurrent && !first ? elementAt(from.dh, r * size + e) * h * (1 - h) : 0;
      return (g - mean - elementAt(units, e) * projection) * scale + carried;
    });
  });
  return { dz, gradients };
}

const specOf = ({ parts, recurrent, ...one }: Case) => ({
  ...one,
  rows: ROWS,
  activation: 'sigmoid' as const,
  gainAt: GAIN_AT,
});

const groups = [ROWS, 1, 1] as const;

type Forward = Readonly<Record<'normalized' | 'scale' | 'y', Float32Array> & { hidden?: Float32Array }>;

/** Forward on a device, by the recurrent layer's kernel where the case says so. */
function forwardOn(device: GPUDevice, one: Case, { z, parameters }: Inputs): Promise<Forward> {
  const empty = () => new Float32Array(ROWS * one.size);
  const outputs = { normalized: empty(), scale: new Float32Array(ROWS), y: empty(), hidden: empty() };
  const trial = { launching: { groups }, buffers: { z, parameters, ...outputs } };
  return one.recurrent
    ? launch(device, { kernel: recurrentNormForward(specOf(one), one.parts), ...trial })
    : launch(device, { kernel: normForward(specOf(one), one.parts), ...trial });
}

/** The gradient on a device, from what {@link forwardOn} has found. */
function backwardOn(device: GPUDevice, one: Case, from: Inputs, forward: Forward, first: boolean) {
  const y = one.recomputes ? new Float32Array(ROWS * one.size) : forward.y;
  const buffers = { ...from, normalized: forward.normalized, scale: forward.scale, y };
  const [starts, has_next] = first ? [1, 0] : [0, 1];
  return one.recurrent
    ? launch(device, {
        kernel: recurrentNormBackward(specOf(one), one.parts),
        launching: { groups, arguments: { starts, has_next } },
        buffers,
      })
    : launch(device, {
        kernel: normBackward(specOf(one), one.parts),
        launching: { groups, arguments: { starts } },
        buffers,
      });
}

describe.skipIf(!adapter)('a layer norm on Dawn (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  it.each(cases)('of $size elements, $channels channels, $parts parts', async (one) => {
    const from = inputs(one);
    const forward = await forwardOn(device, one, from);
    const rows = forwardReference(one, from);
    const close = (found: Float32Array, expected: readonly number[]) =>
      expect(relativeError(found, expected)).toBeLessThan(1e-5);
    const y = rows.flatMap((row) => row.y);
    close(
      forward.scale,
      rows.map((row) => row.scale),
    );
    close(
      forward.normalized,
      rows.flatMap((row) => row.units),
    );
    close(forward.y, y);
    expect(forward.hidden !== undefined).toBe(one.recurrent ?? false);
    if (forward.hidden) {
      close(
        forward.hidden,
        rows.flatMap((row) => row.hidden),
      );
    }

    for (const first of [true, false]) {
      const back = await backwardOn(device, one, from, forward, first);
      const expected = backwardReference(one, from, first);
      close(back.normalized, expected.dz);
      close(back.gradients, expected.gradients);
      if (one.recomputes) close(back.y, y);
    }
  });
});
