import { type MixtureSpec, numbers, pixelDistribution } from '@nem/core';

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
  const { negativeLogLikelihood, divergence } = pixelDistribution(mixture);
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
          gamma[at]! * negativeLogLikelihood(numbers, x, psi) +
          (1 - gamma[at]!) * interWeight * divergence(numbers, psi);
        most = Math.max(most, psi);
      }
      losses.predictionLoss[b]! += negativeLogLikelihood(numbers, x, most);
    }
  }
  return losses;
}
