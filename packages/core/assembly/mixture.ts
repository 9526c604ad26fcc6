// The E-step, the losses and their gradients (method, sections 1 to 3). Images: [batch, pixels]; by component: [batch,
// components, pixels].
import { exp4, log4, multiplyAdd } from './math';
import { at, keepPart, loadPart, storePart, sumLanes } from './memory';

const LIKELIHOOD_EPSILON: f32 = 1e-6;
const CLIPPING_EPSILON: f32 = 1e-6;
/** 1 / √(2π). */
const GAUSSIAN: f32 = 0.3989422804014327;

// The mixture, set by `mixture` before the calls below.
let bernoulli: bool = true;
let prior: f32 = 0;
let logPrior: f32 = 0;
let logRest: f32 = 0;
let sigma: f32 = 1;

/** `logOfPrior`: log p, `logOfRest`: log(1 − p), for a Bernoulli prior p. */
export function mixture(
  isBernoulli: bool,
  priorParameter: f32,
  logOfPrior: f32,
  logOfRest: f32,
  standardDeviation: f32,
): void {
  bernoulli = isBernoulli;
  prior = priorParameter;
  logPrior = logOfPrior;
  logRest = logOfRest;
  sigma = standardDeviation;
}

@inline
function clip(psi: v128): v128 {
  return f32x4.min(f32x4.max(psi, f32x4.splat(CLIPPING_EPSILON)), f32x4.splat(<f32>1 - CLIPPING_EPSILON));
}

@inline
function likelihood(x: v128, psi: v128): v128 {
  const one = f32x4.splat(1);
  if (bernoulli) return multiplyAdd(f32x4.sub(f32x4.add(x, x), one), psi, f32x4.sub(one, x));
  const distance = f32x4.sub(x, psi);
  const exponent = f32x4.mul(f32x4.mul(distance, distance), f32x4.splat(<f32>-0.5 / (sigma * sigma)));
  return f32x4.mul(exp4(exponent), f32x4.splat(GAUSSIAN / sigma));
}

@inline
function negativeLogLikelihood(x: v128, psi: v128): v128 {
  if (!bernoulli) {
    const distance = f32x4.sub(psi, x);
    return f32x4.mul(f32x4.mul(distance, distance), f32x4.splat(0.5));
  }
  const one = f32x4.splat(1);
  const p = clip(psi);
  return f32x4.neg(f32x4.add(f32x4.mul(x, log4(p)), f32x4.mul(f32x4.sub(one, x), log4(f32x4.sub(one, p)))));
}

/** p (log p − log q), 0 for p = 0. */
@inline
function crossTerm(p: f32, logP: f32, q: v128): v128 {
  if (p == 0) return f32x4.splat(0);
  return f32x4.mul(f32x4.sub(f32x4.splat(logP), log4(q)), f32x4.splat(p));
}

@inline
function divergence(psi: v128): v128 {
  if (!bernoulli) {
    const distance = f32x4.sub(psi, f32x4.splat(prior));
    return f32x4.mul(f32x4.mul(distance, distance), f32x4.splat(0.5));
  }
  const p = clip(psi);
  return f32x4.add(crossTerm(<f32>1 - prior, logRest, f32x4.sub(f32x4.splat(1), p)), crossTerm(prior, logPrior, p));
}

/** γ from x and ψ. */
export function eStep(batch: i32, components: i32, pixels: i32, x: usize, psi: usize, gamma: usize): void {
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < pixels; i += 4) {
      const count = pixels - i;
      const value = loadPart(at(x, i), count);
      let evidence = f32x4.splat(0);
      for (let k = 0; k < components; k++) {
        const weight = f32x4.add(
          likelihood(value, loadPart(at(psi, k * pixels + i), count)),
          f32x4.splat(LIKELIHOOD_EPSILON),
        );
        storePart(at(gamma, k * pixels + i), weight, count);
        evidence = f32x4.add(evidence, weight);
      }
      for (let k = 0; k < components; k++) {
        const target = at(gamma, k * pixels + i);
        storePart(target, f32x4.div(loadPart(target, count), evidence), count);
      }
    }
    x = at(x, pixels);
    psi = at(psi, components * pixels);
    gamma = at(gamma, components * pixels);
  }
}

/** Sums over everything, γ · NLL and (1 − γ) · KL, into two floats at `out`. */
export function losses(batch: i32, components: i32, pixels: i32, x: usize, psi: usize, gamma: usize, out: usize): void {
  let intra: f64 = 0;
  let inter: f64 = 0;
  for (let b = 0; b < batch; b++) {
    let intraPart = f32x4.splat(0);
    let interPart = f32x4.splat(0);
    for (let i = 0; i < pixels; i += 4) {
      const count = pixels - i;
      const value = loadPart(at(x, i), count);
      for (let k = 0; k < components; k++) {
        const prediction = loadPart(at(psi, k * pixels + i), count);
        const share = loadPart(at(gamma, k * pixels + i), count);
        const rest = f32x4.sub(f32x4.splat(1), share);
        intraPart = f32x4.add(intraPart, keepPart(f32x4.mul(share, negativeLogLikelihood(value, prediction)), count));
        interPart = f32x4.add(interPart, keepPart(f32x4.mul(rest, divergence(prediction)), count));
      }
    }
    intra += sumLanes(intraPart);
    inter += sumLanes(interPart);
    x = at(x, pixels);
    psi = at(psi, components * pixels);
    gamma = at(gamma, components * pixels);
  }
  store<f32>(out, <f32>intra);
  store<f32>(out, <f32>inter, 4);
}

/** The NLL of max_k ψ, summed over everything, into a float at `out`. */
export function upperLoss(batch: i32, components: i32, pixels: i32, x: usize, psi: usize, out: usize): void {
  let upper: f64 = 0;
  for (let b = 0; b < batch; b++) {
    let part = f32x4.splat(0);
    for (let i = 0; i < pixels; i += 4) {
      const count = pixels - i;
      let largest = loadPart(at(psi, i), count);
      for (let k = 1; k < components; k++) largest = f32x4.max(largest, loadPart(at(psi, k * pixels + i), count));
      part = f32x4.add(part, keepPart(negativeLogLikelihood(loadPart(at(x, i), count), largest), count));
    }
    upper += sumLanes(part);
    x = at(x, pixels);
    psi = at(psi, components * pixels);
  }
  store<f32>(out, <f32>upper);
}

/** γ ⊙ (x − ψ), x for each component. */
export function maskedDifference(
  batch: i32,
  components: i32,
  pixels: i32,
  x: usize,
  psi: usize,
  gamma: usize,
  out: usize,
): void {
  for (let b = 0; b < batch; b++) {
    for (let k = 0; k < components; k++) {
      for (let i = 0; i < pixels; i += 4) {
        const count = pixels - i;
        const difference = f32x4.sub(loadPart(at(x, i), count), loadPart(at(psi, i), count));
        storePart(at(out, i), f32x4.mul(difference, loadPart(at(gamma, i), count)), count);
      }
      psi = at(psi, pixels);
      gamma = at(gamma, pixels);
      out = at(out, pixels);
    }
    x = at(x, pixels);
  }
}

/** ∂/∂ψ of γ · NLL + λ (1 − γ) · KL, γ held. */
@inline
function lossGradient(x: v128, psi: v128, gamma: v128, interWeight: f32): v128 {
  const rest = f32x4.mul(f32x4.sub(f32x4.splat(1), gamma), f32x4.splat(interWeight));
  const toPrior = f32x4.splat(prior);
  if (!bernoulli) return multiplyAdd(gamma, f32x4.sub(psi, x), f32x4.mul(rest, f32x4.sub(psi, toPrior)));
  const p = clip(psi);
  const numerator = multiplyAdd(gamma, f32x4.sub(p, x), f32x4.mul(rest, f32x4.sub(p, toPrior)));
  const gradient = f32x4.div(numerator, f32x4.mul(p, f32x4.sub(f32x4.splat(1), p)));
  return v128.and(gradient, f32x4.eq(p, psi));
}

/**
 * ∂L/∂ψ of a step, γ held: `weight` times its own losses' gradient, less γ times the gradient by the next step's input, where
 * there is one (`input` is not 0).
 */
export function predictionGradient(
  batch: i32,
  components: i32,
  pixels: i32,
  weight: f32,
  interWeight: f32,
  x: usize,
  psi: usize,
  gamma: usize,
  input: usize,
  out: usize,
): void {
  const weights = f32x4.splat(weight);
  for (let b = 0; b < batch; b++) {
    for (let k = 0; k < components; k++) {
      for (let i = 0; i < pixels; i += 4) {
        const count = pixels - i;
        const share = loadPart(at(gamma, i), count);
        let gradient = f32x4.splat(0);
        if (weight != 0) {
          const own = lossGradient(loadPart(at(x, i), count), loadPart(at(psi, i), count), share, interWeight);
          gradient = f32x4.mul(own, weights);
        }
        if (input != 0) gradient = f32x4.sub(gradient, f32x4.mul(share, loadPart(at(input, i), count)));
        storePart(at(out, i), gradient, count);
      }
      psi = at(psi, pixels);
      gamma = at(gamma, pixels);
      out = at(out, pixels);
      if (input != 0) input = at(input, pixels);
    }
    x = at(x, pixels);
  }
}
