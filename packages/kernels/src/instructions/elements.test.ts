import { adamUpdate } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { createAdamUpdate, createKernelAdam } from '../engine/adam.js';
import { activationGradient, applyActivation } from './activation.js';
import { copy, fill } from './memory.js';
import { nemUpdate, nemUpdateGradient } from './n-em.js';
import { runInstruction } from './run-instruction.fixture.js';
import { columnSums } from './sums.js';
import { activated, activation, drawer, expectClose, seed, size, slopeOf } from './values.fixture.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe.each(allKernels)('%s', (_, kernels) => {
  it('activates, in place', () => {
    fc.assert(
      fc.property(size, activation, seed, (count, activation, seed) => {
        const z = drawer(seed)(count, -6, 6);
        const ours = runInstruction(kernels, applyActivation, { count, activation: activation.number, z, y: z })(z);
        expectClose(
          ours,
          z.map((value) => activated(activation, value)),
        );
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  it("has the activation's gradient", () => {
    fc.assert(
      fc.property(size, activation, fc.boolean(), seed, (count, activation, adds, seed) => {
        const draw = drawer(seed);
        const y = draw(count).map((x) => activated(activation, x));
        const [dy, added] = [draw(count), adds ? draw(count) : undefined];
        const given = { count, activation: activation.number, dy, added, y, dz: new Float32Array(count) };
        const expected = dy.map((value, i) => (value + (added?.[i] ?? 0)) * slopeOf(activation, y[i]!));
        expectClose(runInstruction(kernels, activationGradient, given)(given.dz), expected);
      }),
      { numRuns: 60, seed: 10 },
    );
  });

  it('keeps what is not a number, and extremes finite', () => {
    const z = Float32Array.of(NaN, Infinity, -Infinity, 1e30, -1e30);
    for (const number of [1, 2, 3, 4]) {
      const given = { count: 5, activation: number, z, y: new Float32Array(5) };
      const [nan, ...others] = runInstruction(kernels, applyActivation, given)(given.y);
      expect(nan).toBeNaN();
      expect(others.some(Number.isNaN)).toBe(false);
    }
  });

  it("takes N-EM's step on θ, and has its gradient", () => {
    fc.assert(
      fc.property(size, fc.boolean(), seed, (count, hasNext, seed) => {
        const draw = drawer(seed);
        const [theta, ascent, step] = [draw(count), draw(count), Float32Array.of(0.7)];
        const [next, squashed] = [new Float32Array(count), new Float32Array(count)];
        const after = runInstruction(kernels, nemUpdate, { count, theta, ascent, step, next, squashed });
        const slope = (s: number) => s * (1 - s);
        const rate = Array.from(theta, (value) => slope(sigmoid(value)));
        const expected = rate.map((value, i) => theta[i]! + 0.7 * value * ascent[i]!);
        expectClose(after(next), expected);
        expectClose(after(squashed), expected.map(sigmoid));
        const [decoded, carried, stepSum] = [draw(count), draw(count), Float32Array.of(0.25)];
        const state = { theta, ascent, squashed: after(squashed), step, carried, stepSum };
        const back = runInstruction(kernels, nemUpdateGradient, { count, decoded, ...state, hasNext: Number(hasNext) });
        const total = expected.map((value, i) => decoded[i]! * slope(sigmoid(value)) + (hasNext ? carried[i]! : 0));
        const curvature = rate.map((value, i) => value * (1 - 2 * sigmoid(theta[i]!)));
        expectClose(
          back(carried),
          total.map((g, i) => g * (1 + ascent[i]! * 0.7 * curvature[i]!)),
          1e-5,
        );
        expectClose(
          back(ascent),
          total.map((g, i) => g * rate[i]! * 0.7),
          1e-5,
        );
        const sum = total.reduce((all, g, i) => all + g * rate[i]! * ascent[i]!, 0.25);
        expect(back(stepSum)[0]).toBeCloseTo(sum, 4);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('sums columns up, fills and copies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), size, seed, (rows, columns, seed) => {
        const draw = drawer(seed);
        const [x, out] = [draw(rows * columns), draw(columns)];
        const expected = Array.from(out, (start, c) =>
          x.filter((_, i) => i % columns === c).reduce((sum, value) => sum + value, start),
        );
        expectClose(runInstruction(kernels, columnSums, { rows, columns, x, out })(out), expected, 1e-5);
        const copied = new Float32Array(x.length);
        expect(runInstruction(kernels, copy, { count: x.length, x, out: copied })(copied)).toEqual(x);
        const filled = runInstruction(kernels, fill, { count: x.length, out: copied, value: 0.5 })(copied);
        expect(filled).toEqual(copied.map(() => 0.5));
      }),
      { numRuns: 40, seed: 12 },
    );
  });

  it("updates as core's Adam does, bit by bit", () => {
    const draw = drawer(13);
    const options = { learningRate: 0.01, beta1: 0.8 };
    for (const length of [1, 7, 37]) {
      const ours = createKernelAdam(kernels, length, options);
      const theirs = { parameters: draw(length), m: new Float32Array(length), v: new Float32Array(length) };
      ours.parameters.set(theirs.parameters);
      for (let update = 1; update <= 5; update++) {
        const gradients = draw(length);
        ours.gradients.set(gradients);
        ours.update(update);
        adamUpdate(theirs.parameters, gradients, theirs.m, theirs.v, update, options);
      }
      for (const name of ['parameters', 'm', 'v'] as const) expect(ours[name]).toEqual(theirs[name]);
    }
  });

  it("updates arrays elsewhere from the gradients' sum, bit by bit", () => {
    const draw = drawer(14);
    const length = 40_003;
    const gradients = [draw(length), draw(length), draw(length)] as const;
    const shared = () => new Float32Array(new SharedArrayBuffer(4 * length));
    const ours = { parameters: shared(), m: shared(), v: shared() };
    const theirs = { parameters: draw(length), m: draw(length), v: draw(length).map(Math.abs) };
    for (const name of ['parameters', 'm', 'v'] as const) ours[name].set(theirs[name]);
    createAdamUpdate(kernels)({ ...ours, gradients }, 3);
    const sum = gradients[0].map((value, i) => Math.fround(value + gradients[1][i]!) + gradients[2][i]!);
    adamUpdate(theirs.parameters, sum, theirs.m, theirs.v, 3);
    for (const name of ['parameters', 'm', 'v'] as const)
      expect(Array.from(ours[name])).toEqual(Array.from(theirs[name]));
  });
});
