import {
  type Activation,
  type Algebra,
  activationFunctions,
  type MixtureSpec,
  numbers,
  pixelDistribution,
  relativeError,
} from '@nem/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter } from '../dawn.fixture.js';
import { requestDevice } from '../device.js';
import { elementwise } from '../plan/kernel.js';
import { elementAt } from '../required.js';
import { activationCode, activationForms, distributionCode } from './formulas.js';
import { launch } from './kernel.fixture.js';

it('each operation of a formula is a statement, and a value that is used twice is computed once', () => {
  expect(activationCode('tanh')).toBe(`fn activate(x: f32) -> f32 {
  let v0 = tanh(clamp(x, -15.0f, 15.0f));
  return v0;
}
fn slope(y: f32) -> f32 {
  let v0 = y * y;
  let v1 = 1.0f - v0;
  return v1;
}`);
  expect(distributionCode({ distribution: 'bernoulli' })).toContain(`fn nll(x: f32, psi: f32) -> f32 {
  let v0 = clamp(psi, 9.999999974752427e-7f, 0.9999989867210388f);
  let v1 = log(v0);
  let v2 = x * v1;
  let v3 = 1.0f - x;
  let v4 = 1.0f - v0;
  let v5 = log(v4);
  let v6 = v3 * v5;
  let v7 = v2 + v6;
  let v8 = -v7;
  return v8;
}`);
});

const adapter = await dawnAdapter();
const COUNT = 64;
/** From -4 to 4 in steps of 1/8, but none is 0: there relu and elu have no slope. */
const points = Float32Array.from({ length: COUNT }, (_, i) => (i - COUNT / 2) / 8 + 1 / 16);

describe.skipIf(!adapter)("a formula's WGSL computes what its numbers are, on Dawn (needs a Vulkan driver)", () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  it.each(Object.keys(activationFunctions) as Activation[])('%s, of numbers and of vectors', async (activation) => {
    const kernel = elementwise({
      name: 'activation',
      bindings: { x: 'read vec4', values: 'read_write', slopes: 'read_write', vectors: 'read_write vec4' },
      count: COUNT,
      body: `  let y = activate(x(i));
  set_values(i, y);
  set_slopes(i, slope(y));
  if (i % 4u == 0u) { let y4 = activate4(x4(i)); set_vectors4(i, y4 * slope4(y4)); }`,
      helpers: activationForms(activation, true),
    });
    const empty = () => new Float32Array(COUNT);
    const buffers = { x: points, values: empty(), slopes: empty(), vectors: empty() };
    const found = await launch(device, { kernel, launching: { groups: [1, 1, 1] }, buffers });
    const { value, slope = () => 1 } = activationFunctions[activation];
    const values = Array.from(points, (x) => value(numbers, x));
    const slopes = values.map((y) => slope(numbers, y));
    expect(relativeError(found.values, values)).toBeLessThan(1e-6);
    expect(relativeError(found.slopes, slopes)).toBeLessThan(1e-6);
    expect(
      relativeError(
        found.vectors,
        values.map((y, i) => y * elementAt(slopes, i)),
      ),
    ).toBeLessThan(1e-6);
  });

  const mixtures: readonly MixtureSpec[] = [
    { distribution: 'bernoulli' },
    { distribution: 'bernoulli', prior: 0.3 },
    { distribution: 'gaussian', sigma: 0.4, prior: 0.1 },
  ];
  it.each(mixtures)('$distribution with the prior $prior', async (mixture) => {
    const kernel = elementwise({
      name: 'distribution',
      bindings: { x: 'read', psi: 'read', values: 'read_write' },
      count: COUNT,
      body: `  let at = 6u * i;
  set_values(at, likelihood(x(i), psi(i)));
  set_values(at + 1u, likelihood_slope(x(i), psi(i)));
  set_values(at + 2u, nll(x(i), psi(i)));
  set_values(at + 3u, nll_slope(x(i), psi(i)));
  set_values(at + 4u, divergence(psi(i)));
  set_values(at + 5u, divergence_slope(psi(i)));`,
      helpers: distributionCode(mixture),
    });
    const x = points.map((_, i) => (i % 3) / 2);
    // Some beyond the range from 0 to 1, where a Bernoulli ψ is clipped.
    const psi = points.map((point) => 0.5 + point / 6);
    const buffers = { x, psi, values: new Float32Array(6 * COUNT) };
    const { values } = await launch(device, { kernel, launching: { groups: [1, 1, 1] }, buffers });
    const d = pixelDistribution(mixture);
    const expected = Array.from(x, (_, i) => expectedOf(numbers, d, elementAt(x, i), elementAt(psi, i)));
    for (let f = 0; f < 6; f++) {
      const own = values.filter((_, j) => j % 6 === f);
      // A clipped ψ of 1 is 1 − 10⁻⁶ in float32 within 6 %, and so are its logarithms.
      const inside = (i: number) =>
        mixture.distribution === 'gaussian' || (elementAt(psi, i) > 0 && elementAt(psi, i) < 1);
      const kept = [...own.keys()].filter(inside);
      const pick = (list: ArrayLike<number>) => kept.map((i) => elementAt(list, i));
      expect(relativeError(pick(own), pick(expected.map((row) => elementAt(row, f))))).toBeLessThan(1e-5);
      expect(own.every(Number.isFinite)).toBe(true);
      if (f % 2 === 1 && f > 1) for (const i of own.keys()) if (!inside(i)) expect(Math.abs(elementAt(own, i))).toBe(0);
    }
  });
});

/** The six values at one pixel, in the order of the kernel's. */
function expectedOf(a: Algebra<number>, d: ReturnType<typeof pixelDistribution>, x: number, psi: number): number[] {
  const likelihood = d.likelihood(a, x, psi);
  return [
    likelihood,
    d.likelihoodSlope(a, x, psi, likelihood),
    d.negativeLogLikelihood(a, x, psi),
    d.negativeLogLikelihoodSlope(a, x, psi),
    d.divergence(a, psi),
    d.divergenceSlope(a, psi),
  ];
}
