import type { MixtureSpec } from '@nem/core';

/** ψ is kept this far from 0 and 1 in logarithms, as in training. */
const EPSILON = 1e-6;

/** −log P(x | ψ), and KL(prior ‖ ψ), of one pixel (method, section 3). */
interface PixelLosses {
  negativeLogLikelihood(x: number, psi: number): number;
  divergence(psi: number): number;
}

const clip = (psi: number) => Math.min(Math.max(psi, EPSILON), 1 - EPSILON);

const crossTerm = (p: number, q: number) => (p === 0 ? 0 : p * (Math.log(p) - Math.log(q)));

/** The losses of a pixel by its distribution, with the parameter of the prior. */
const PIXEL_LOSSES: Readonly<Record<MixtureSpec['distribution'], (prior: number) => PixelLosses>> = {
  bernoulli: (prior) => ({
    negativeLogLikelihood: (x, psi) => -(x * Math.log(clip(psi)) + (1 - x) * Math.log(1 - clip(psi))),
    divergence: (psi) => crossTerm(prior, clip(psi)) + crossTerm(1 - prior, 1 - clip(psi)),
  }),
  gaussian: (prior) => ({
    negativeLogLikelihood: (x, psi) => (psi - x) ** 2 / 2,
    divergence: (psi) => (psi - prior) ** 2 / 2,
  }),
};

/** The losses of one step, one value an input. */
export interface InputLosses {
  /** Σ γ · NLL + λ · Σ (1 − γ) · KL. */
  readonly loss: Float64Array;
  /** The NLL of max_k ψ, which may be compared across K. */
  readonly predictionLoss: Float64Array;
}

/**
 * The losses of one step for each input alone: engines give their mean over a batch.
 * @param target x, [inputs, pixels]
 * @param predictions ψ, [inputs, components, pixels]
 * @param gamma as predictions
 */
export function inputLosses(
  mixture: MixtureSpec,
  interWeight: number,
  { inputs, components }: { readonly inputs: number; readonly components: number },
  { target, predictions, gamma }: { target: Float32Array; predictions: Float32Array; gamma: Float32Array },
): InputLosses {
  const { distribution, prior = 0 } = mixture;
  const { negativeLogLikelihood, divergence } = PIXEL_LOSSES[distribution](prior);
  const pixels = target.length / inputs;
  const losses = { loss: new Float64Array(inputs), predictionLoss: new Float64Array(inputs) };
  for (let b = 0; b < inputs; b++) {
    for (let i = 0; i < pixels; i++) {
      const x = target[b * pixels + i]!;
      let most = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < components; k++) {
        const at = (b * components + k) * pixels + i;
        const psi = predictions[at]!;
        losses.loss[b]! +=
          gamma[at]! * negativeLogLikelihood(x, psi) + (1 - gamma[at]!) * interWeight * divergence(psi);
        most = Math.max(most, psi);
      }
      losses.predictionLoss[b]! += negativeLogLikelihood(x, most);
    }
  }
  return losses;
}
