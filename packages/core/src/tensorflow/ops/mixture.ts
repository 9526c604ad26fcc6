import * as tf from '@tensorflow/tfjs-core';
import { type MixtureSpec, resolveMixture } from '../../model/mixture/spec.js';
import type { StepLossValues } from '../../model/objective.js';
import { type PixelDistribution, pixelDistribution } from '../mixture/distribution.js';
import { eStep } from '../mixture/e-step.js';
import { type LossWeights, stepLosses, stepLossGradient, upperBoundLoss } from '../mixture/losses.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';

// x: [batch, pixels]; ψ, γ and their gradients: [batch, components, pixels].

/** x for each component. By concatenation: broadcasts and `tile` are slow on the WebAssembly backend. */
export function repeatComponents(x: tf.Tensor2D, components: number): tf.Tensor3D {
  const column = tf.reshape(x, [x.shape[0], 1, x.shape[1]]) as tf.Tensor3D;
  return components === 1 ? column : tf.concat(new Array<tf.Tensor3D>(components).fill(column), 1);
}

/** γ ⊙ (x − ψ), the input of a step. */
export function maskedDifference(x: tf.Tensor2D, psi: tf.Tensor3D, gamma: tf.Tensor3D): tf.Tensor3D {
  if (hasKernels()) return runKernel(KERNELS.maskedDifference, { x, psi, gamma });
  return tf.mul(gamma, tf.sub(repeatComponents(x, psi.shape[1]), psi));
}

/** The numbers of tensors, of which nothing is left. */
function numbersOf(make: () => tf.Tensor[]): number[] {
  const numbers: number[] = [];
  tf.tidy(() => {
    for (const tensor of make()) numbers.push(...tensor.dataSync());
  });
  return numbers;
}

/** The E-step, the losses and their gradient by ψ for one distribution of pixels. */
export class Mixture {
  readonly distribution: PixelDistribution;
  readonly #attributes: Readonly<Record<string, number>>;

  /** @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range */
  constructor(spec: MixtureSpec) {
    const { distribution, sigma, prior } = resolveMixture(spec);
    const bernoulli = distribution === 'bernoulli';
    this.distribution = pixelDistribution(spec);
    this.#attributes = {
      bernoulli: Number(bernoulli),
      sigma,
      prior,
      logPrior: bernoulli && prior > 0 ? Math.log(prior) : 0,
      logRest: bernoulli ? Math.log(1 - prior) : 0,
    };
  }

  /** γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6). */
  assign(x: tf.Tensor2D, psi: tf.Tensor3D): tf.Tensor3D {
    if (hasKernels()) return runKernel(KERNELS.eStep, { x, psi }, this.#attributes);
    return eStep(this.distribution, repeatComponents(x, psi.shape[1]), psi).gamma;
  }

  /** Both losses of a step. @param batchSize what the sums are divided by */
  losses(x: tf.Tensor2D, psi: tf.Tensor3D, gamma: tf.Tensor3D, batchSize: number): Omit<StepLossValues, 'upper'> {
    const [intra, inter] = hasKernels()
      ? this.#sums(KERNELS.losses, { x, psi, gamma }, batchSize)
      : numbersOf(() => {
          const target = repeatComponents(x, psi.shape[1]);
          const losses = stepLosses(this.distribution, target, psi, gamma, batchSize);
          return [losses.intra, losses.inter];
        });
    return { intra, inter };
  }

  /** The loss of max_k ψ, which training does not need. @param batchSize as in {@link Mixture.losses} */
  upperLoss(x: tf.Tensor2D, psi: tf.Tensor3D, batchSize: number): number {
    const [upper] = hasKernels()
      ? this.#sums(KERNELS.upperLoss, { x, psi }, batchSize)
      : numbersOf(() => [upperBoundLoss(this.distribution, x, psi, batchSize)]);
    return upper;
  }

  /** What a kernel sums up, divided by the batch size. */
  #sums(kernel: string, inputs: Record<string, tf.Tensor>, batchSize: number): number[] {
    return numbersOf(() => [runKernel(kernel, inputs, this.#attributes)]).map((sum) => sum / batchSize);
  }

  /**
   * ∂L/∂ψ of a step with γ held: by its own losses, and by way of the next step's input γ ⊙ (x̃ − ψ), where there is one.
   * @param inputGradient ∂L/∂input of the next step
   */
  predictionGradient(
    x: tf.Tensor2D,
    psi: tf.Tensor3D,
    gamma: tf.Tensor3D,
    { weight, interWeight }: LossWeights,
    inputGradient: tf.Tensor3D | undefined,
  ): tf.Tensor3D {
    if (hasKernels()) {
      const attributes = { ...this.#attributes, weight, interWeight };
      return runKernel(KERNELS.predictionGradient, { x, psi, gamma, inputGradient }, attributes);
    }
    const target = repeatComponents(x, psi.shape[1]);
    const own =
      weight === 0 ? undefined : stepLossGradient(this.distribution, target, psi, gamma, { weight, interWeight });
    const masked = inputGradient ? tf.mul<tf.Tensor3D>(inputGradient, gamma) : undefined;
    if (own && masked) return tf.sub(own, masked);
    return own ?? (masked ? tf.neg(masked) : tf.zerosLike(psi));
  }
}
