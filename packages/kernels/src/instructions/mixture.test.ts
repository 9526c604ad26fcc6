import { distributionNames, LIKELIHOOD_EPSILON, type MixtureSpec, numbers, pixelDistribution } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { mixtureFields } from '../engine/lower/mixture.js';
import { eStep, lossGradient, maskedInput } from './mixture.js';
import { runInstruction } from './run-instruction.fixture.js';
import { activation, drawer, expectClose, seed, size, slopeOf } from './values.fixture.js';

// Every distribution of the model: one that `pixel.h` does not have is told here.
const mixtures = fc.constantFrom<MixtureSpec>(
  ...distributionNames.flatMap((distribution) => [{ distribution }, { distribution, sigma: 0.5, prior: 0.2 }]),
);

const cases = fc.record({
  mixture: mixtures,
  batch: fc.integer({ min: 1, max: 3 }),
  components: fc.integer({ min: 1, max: 6 }),
  pixels: size,
  seed,
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function arraysOf({ mixture, batch, components, pixels, seed }: Case) {
  const draw = drawer(seed);
  const [image, all] = [batch * pixels, batch * components * pixels];
  const isBinary = mixture.distribution === 'bernoulli';
  const x = draw(image, 0, 1).map((value) => (isBinary ? Math.round(value) : value));
  return { draw, image, all, x, psi: draw(all, 0.02, 0.98), noisy: draw(image, 0, 1), next: draw(all) };
}

const sizesOf = ({ batch, components, pixels }: Case) => ({ batch, components, pixels });

/** For each pixel of a sample: its place among the images, and its places among the components. */
function* places({ batch, components, pixels }: Case) {
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < pixels; i++) {
      yield {
        image: b * pixels + i,
        all: Array.from({ length: components }, (_, k) => (b * components + k) * pixels + i),
      };
    }
  }
}

/** The E-step in double precision. */
function assigned(one: Case, x: Float32Array, psi: Float32Array) {
  const of = pixelDistribution(one.mixture);
  const gamma = new Float64Array(psi.length);
  const evidence = new Float64Array(psi.length);
  for (const { image, all } of places(one)) {
    const weights = all.map((at) => of.likelihood(numbers, x[image]!, psi[at]!) + LIKELIHOOD_EPSILON);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [k, at] of all.entries()) [gamma[at], evidence[at]] = [weights[k]! / sum, sum];
  }
  return { gamma, evidence };
}

function lossesOf(one: Case, x: Float32Array, psi: Float32Array, gamma: Float64Array) {
  const of = pixelDistribution(one.mixture);
  const losses = [0, 0, 0] as [number, number, number];
  for (const { image, all } of places(one)) {
    for (const at of all) {
      losses[0] += gamma[at]! * of.negativeLogLikelihood(numbers, x[image]!, psi[at]!);
      losses[1] += (1 - gamma[at]!) * of.divergence(numbers, psi[at]!);
    }
    losses[2] += of.negativeLogLikelihood(numbers, x[image]!, Math.max(...all.map((at) => psi[at]!)));
  }
  return losses;
}

interface Loss {
  readonly weight: number;
  readonly interWeight: number;
  readonly gammaGradient: boolean;
  readonly hasNext: boolean;
}

/** The gradient with respect to ψ in double precision. */
function gradientOf(one: Case, { x, psi, noisy, next }: ReturnType<typeof arraysOf>, loss: Loss) {
  const of = pixelDistribution(one.mixture);
  const { gamma, evidence } = assigned(one, x, psi);
  const gradient = new Float64Array(psi.length);
  for (const { image, all } of places(one)) {
    const target = x[image]!;
    const byGamma = all.map((at) => {
      const [nll, kl] = [of.negativeLogLikelihood(numbers, target, psi[at]!), of.divergence(numbers, psi[at]!)];
      return loss.weight * (nll - loss.interWeight * kl) + (loss.hasNext ? next[at]! * (noisy[image]! - psi[at]!) : 0);
    });
    const centre = all.reduce((sum, at, k) => sum + gamma[at]! * byGamma[k]!, 0);
    for (const [k, at] of all.entries()) {
      const [share, value] = [gamma[at]!, psi[at]!];
      const intra = share * of.negativeLogLikelihoodSlope(numbers, target, value);
      const inter = loss.interWeight * (1 - share) * of.divergenceSlope(numbers, value);
      const likelihood = of.likelihood(numbers, target, value);
      const through = ((byGamma[k]! - centre) / evidence[at]!) * of.likelihoodSlope(numbers, target, value, likelihood);
      gradient[at] = loss.weight * (intra + inter) - (loss.hasNext ? share * next[at]! : 0);
      if (loss.gammaGradient) gradient[at] += through;
    }
  }
  return { gradient, gamma };
}

describe.each(allKernels)('%s', (_, kernels) => {
  it('has the E-step, the losses and the next input of the formulas', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { all, x, psi, noisy } = arraysOf(one);
        const [gamma, losses, input] = [new Float32Array(all), new Float32Array(3), new Float32Array(all)];
        const outputs = { gamma, losses, upper: 1, noisy, input };
        const given = { ...sizesOf(one), ...mixtureFields(one.mixture), x, psi, ...outputs };
        const after = runInstruction(kernels, eStep, given);
        const expected = assigned(one, x, psi);
        expectClose(after(gamma), expected.gamma, 1e-5);
        expectClose(after(losses), lossesOf(one, x, psi, expected.gamma), 1e-5);
        const masked = { ...sizesOf(one), noisy, psi, initial: 0, gamma: after(gamma), out: new Float32Array(all) };
        expect(after(input)).toEqual(runInstruction(kernels, maskedInput, masked)(masked.out));
        const alone = { ...given, losses: undefined, upper: 0, noisy: undefined, input: undefined };
        expect(runInstruction(kernels, eStep, alone)(gamma)).toEqual(after(gamma));
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('masks the first input with one ψ everywhere', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { draw, all, noisy } = arraysOf(one);
        const [gamma, out] = [draw(all, 0, 1), new Float32Array(all)];
        const given = { ...sizesOf(one), noisy, psi: undefined, initial: 0.25, gamma, out };
        const expected = new Float64Array(all);
        for (const { image, all } of places(one))
          for (const at of all) expected[at] = gamma[at]! * (noisy[image]! - 0.25);
        expectClose(runInstruction(kernels, maskedInput, given)(out), expected);
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  it('has the gradient of the losses, with γ held or not, in the place of ψ too', () => {
    const loss = fc.record({
      weight: fc.constantFrom(0, 0.5),
      interWeight: fc.constantFrom(0, 0.7),
      gammaGradient: fc.boolean(),
      hasNext: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, loss, activation, fc.boolean(), (one, loss, activation, inPlace) => {
        const arrays = arraysOf(one);
        const { gradient, gamma } = gradientOf(one, arrays, loss);
        const { x, psi } = arrays;
        const out = inPlace ? psi : new Float32Array(arrays.all);
        const next = loss.hasNext ? { next: arrays.next, noisy: arrays.noisy } : { next: undefined, noisy: undefined };
        const fields = { ...loss, gammaGradient: Number(loss.gammaGradient), activation: activation.number };
        const given = {
          ...sizesOf(one),
          ...mixtureFields(one.mixture),
          ...fields,
          x,
          psi,
          gamma: Float32Array.from(gamma),
        };
        const ours = runInstruction(kernels, lossGradient, { ...given, ...next, out })(out);
        expectClose(
          ours,
          gradient.map((value, i) => value * slopeOf(activation, arrays.psi[i]!)),
          1e-3,
        );
      }),
      { numRuns: 80, seed: 6 },
    );
  });

  it('has no gradient where ψ is clipped, and finite losses', () => {
    const [x, psi] = [Float32Array.of(1, 0, 1, 0), Float32Array.of(0, 1, 1, 0)];
    const sizes = { batch: 1, components: 1, pixels: 4, ...mixtureFields({ distribution: 'bernoulli' }) };
    const [gamma, losses] = [new Float32Array(4), new Float32Array(3)];
    const step = { ...sizes, x, psi, gamma, losses, upper: 1, noisy: undefined, input: undefined };
    const after = runInstruction(kernels, eStep, step)(losses);
    expect(after[0]).toBeCloseTo(-2 * Math.log(1e-6) - 2 * Math.log1p(-1e-6), 1);
    const fields = { weight: 1, interWeight: 1, gammaGradient: 0, activation: 0, next: undefined, noisy: undefined };
    const out = new Float32Array(4);
    const given = { ...sizes, ...fields, x, psi, gamma: Float32Array.of(1, 1, 1, 1), out };
    expect([...runInstruction(kernels, lossGradient, given)(out)]).toEqual([0, 0, 0, 0]);
  });
});
