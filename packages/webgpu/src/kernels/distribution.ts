import { CLIPPING_EPSILON, type MixtureSpec, resolveMixture } from '@nem/core';
import { float } from '../plan/kernel.js';
import { entryOf } from '../table.js';

type Parameters = Required<MixtureSpec>;

function bernoulliCode({ prior }: Parameters): string {
  const [low, high] = [float(CLIPPING_EPSILON), float(1 - CLIPPING_EPSILON)];
  const kl = [`${float(1 - prior)} * (${float(Math.log(1 - prior))} - log(1.0 - p))`];
  if (prior > 0) kl.push(`${float(prior)} * (${float(Math.log(prior))} - log(p))`);
  return `fn clipped(psi: f32) -> f32 { return clamp(psi, ${low}, ${high}); }
fn inside(psi: f32) -> f32 { return select(0.0, 1.0, psi >= ${low} && psi <= ${high}); }
fn likelihood(x: f32, psi: f32) -> f32 { return (2.0 * x - 1.0) * psi + (1.0 - x); }
fn likelihood_slope(x: f32, psi: f32) -> f32 { return 2.0 * x - 1.0; }
fn nll(x: f32, psi: f32) -> f32 { let p = clipped(psi); return -(x * log(p) + (1.0 - x) * log(1.0 - p)); }
fn nll_slope(x: f32, psi: f32) -> f32 { let p = clipped(psi); return (p - x) / (p * (1.0 - p)) * inside(psi); }
fn divergence(psi: f32) -> f32 { let p = clipped(psi); return ${kl.join(' + ')}; }
fn divergence_slope(psi: f32) -> f32 { let p = clipped(psi); return (p - ${float(prior)}) / (p * (1.0 - p)) * inside(psi); }`;
}

function gaussianCode({ sigma, prior }: Parameters): string {
  const scale = float(1 / (sigma * Math.sqrt(2 * Math.PI)));
  return `fn likelihood(x: f32, psi: f32) -> f32 { return exp((x - psi) * (x - psi) * ${float(-1 / (2 * sigma * sigma))}) * ${scale}; }
fn likelihood_slope(x: f32, psi: f32) -> f32 { return (x - psi) * likelihood(x, psi) * ${float(1 / (sigma * sigma))}; }
fn nll(x: f32, psi: f32) -> f32 { return (psi - x) * (psi - x) * 0.5; }
fn nll_slope(x: f32, psi: f32) -> f32 { return psi - x; }
fn divergence(psi: f32) -> f32 { return (psi - ${float(prior)}) * (psi - ${float(prior)}) * 0.5; }
fn divergence_slope(psi: f32) -> f32 { return psi - ${float(prior)}; }`;
}

/** The code of every pixel distribution. */
const DISTRIBUTIONS = {
  bernoulli: bernoulliCode,
  gaussian: gaussianCode,
} satisfies Readonly<Record<MixtureSpec['distribution'], (parameters: Parameters) => string>>;

/**
 * WGSL: the functions of a pixel distribution and their derivatives with respect to ψ: `likelihood(x, psi)`, `nll(x, psi)`, `divergence(psi)` and
 * `likelihood_slope`, `nll_slope`, `divergence_slope`.
 * @throws RangeError for an unknown distribution or parameters out of range
 */
export function distributionCode(mixture: MixtureSpec): string {
  const parameters = resolveMixture(mixture);
  const unknown = (known: string) => new RangeError(`unknown distribution '${parameters.distribution}': use ${known}.`);
  return entryOf(DISTRIBUTIONS, parameters.distribution, unknown)(parameters);
}
