import type * as tf from '@tensorflow/tfjs-core';
import type { MixtureSpec } from '../../model/mixture/distributions.js';
import type { Activation } from '../../model/network/activation-names.js';
import type { Objective, StepLossValues } from '../../model/objective.js';
import type { GradientSums } from './gradient-sums.js';
import type { Padding } from './pad-image.js';

/** The product of two inputs side by side, with what its gradient needs. */
export interface JoinedLinear {
  /** [x, h] W + b, [rows, out]. */
  readonly z: tf.Tensor2D;
  readonly saved: readonly tf.Tensor2D[];
}

/** Parameters of a layer norm, [channels] each. */
export interface NormParameters {
  readonly gain: tf.Tensor;
  readonly offset: tf.Tensor;
}

/** A normalised and activated layer. */
export interface NormActivated {
  /** As x. */
  readonly y: tf.Tensor;
  /** What {@link Operations.normActivateGradient} needs beside. */
  readonly saved: readonly tf.Tensor[];
}

/** Names of the sums that a layer's gradients go to. */
export interface NormSums {
  readonly gain: string;
  readonly offset: string;
  /** Of the bias before the norm, where there is one. */
  readonly bias?: string;
}

/** How the losses of a step count: `weight` · (intra + `interWeight` · inter). */
export interface LossWeights extends Pick<Objective, 'interWeight'> {
  /** The step's weight divided by the batch size. */
  readonly weight: number;
}

/**
 * The E-step, the losses and their gradient for one distribution of pixels. x: [batch, pixels]; ψ, γ and their gradients: [batch,
 * components, pixels].
 */
export interface MixtureOperations {
  /** γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6). */
  assign(x: tf.Tensor2D, psi: tf.Tensor3D): tf.Tensor3D;
  /** Both losses of a step. @param batchSize what the sums are divided by */
  losses(x: tf.Tensor2D, psi: tf.Tensor3D, gamma: tf.Tensor3D, batchSize: number): Omit<StepLossValues, 'upper'>;
  /** The loss of max_k ψ, which training does not need. @param batchSize as in {@link MixtureOperations.losses} */
  upperLoss(x: tf.Tensor2D, psi: tf.Tensor3D, batchSize: number): number;
  /**
   * ∂L/∂ψ of a step with γ held: from its own losses, and through the next step's input γ ⊙ (x̃ − ψ), where there is one.
   * @param inputGradient ∂L/∂input of the next step
   */
  predictionGradient(
    x: tf.Tensor2D,
    psi: tf.Tensor3D,
    gamma: tf.Tensor3D,
    weights: LossWeights,
    inputGradient: tf.Tensor3D | undefined,
  ): tf.Tensor3D;
}

/** What layers and the mixture are made of; `composite` has it in TensorFlow.js's own operations, right on every backend. */
export interface Operations {
  /** The activation of x. */
  activate(name: Activation, x: tf.Tensor): tf.Tensor;
  /** ∂L/∂x of {@link Operations.activate}, from ∂L/∂y and y. */
  activateGradient(name: Activation, dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** {@link Operations.activateGradient} of a layer with a bias: adds the bias's gradient to its sum `bias`. */
  activateGradientWithBias(name: Activation, dy: tf.Tensor, y: tf.Tensor, sums: GradientSums, bias: string): tf.Tensor;
  /** Sums `x`, [..., channels], over all axes but the last, into the sum `name`. */
  addChannelSums(sums: GradientSums, name: string, x: tf.Tensor): void;

  /** dy Wᵀ. */
  timesTransposed(dy: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D;
  /** Adds xᵀ dy, the gradient of the weights, to their sum. */
  addTransposedProduct(sums: GradientSums, name: string, x: tf.Tensor2D, dy: tf.Tensor2D): void;
  /** [x, h] W + b. x: [rows, in], h: [rows, M], weights: [in + M, out], bias: [out]. */
  joinedLinear(x: tf.Tensor2D, h: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): JoinedLinear;
  /**
   * Gradients of {@link Operations.joinedLinear} with respect to x (the first `inputs` columns) and h; adds that with respect to
   * the weights to its sum `name`.
   */
  joinedLinearGradient(
    dz: tf.Tensor2D,
    saved: readonly tf.Tensor2D[],
    weights: tf.Tensor2D,
    inputs: number,
    sums: GradientSums,
    name: string,
  ): { x: tf.Tensor2D; h: tf.Tensor2D };

  /** Layer norm over all axes but the first, gain and offset by channel (the last axis), activation. */
  normActivate(activation: Activation, x: tf.Tensor, parameters: NormParameters): NormActivated;
  /** ∂L/∂x of {@link Operations.normActivate}, as dy; adds the gradients of the parameters to their sums. */
  normActivateGradient(
    activation: Activation,
    dy: tf.Tensor,
    result: NormActivated,
    gain: tf.Tensor,
    sums: GradientSums,
    names: NormSums,
  ): tf.Tensor;

  /**
   * A convolution with explicit padding, plus a bias where there is one. x: [N, H, W, C], kernel: [k, l, C, O], bias: [O].
   */
  convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: Padding, bias?: tf.Tensor1D): tf.Tensor4D;
  /**
   * ∂L/∂x of {@link Operations.convolve}, [N, `height`, `width`, C]: also a transposed convolution of dy, to which `bias`, [C],
   * is added where there is one.
   */
  convolveInputGradient(
    dy: tf.Tensor4D,
    kernel: tf.Tensor4D,
    stride: number,
    padding: Padding,
    size: readonly [height: number, width: number],
    bias?: tf.Tensor1D,
  ): tf.Tensor4D;
  /** ∂L/∂kernel of {@link Operations.convolve}, of a kernel of `size` = [height, width]. */
  convolveKernelGradient(
    x: tf.Tensor4D,
    dy: tf.Tensor4D,
    size: readonly [height: number, width: number],
    stride: number,
    padding: Padding,
  ): tf.Tensor4D;
  /** Adds {@link Operations.convolveKernelGradient} to the kernel's sum. */
  addKernelGradient(
    sums: GradientSums,
    name: string,
    x: tf.Tensor4D,
    dy: tf.Tensor4D,
    size: readonly [height: number, width: number],
    stride: number,
    padding: Padding,
  ): void;

  /** γ ⊙ (x − ψ), the input of a step. x: [batch, pixels]; ψ, γ: [batch, components, pixels]. */
  maskedDifference(x: tf.Tensor2D, psi: tf.Tensor3D, gamma: tf.Tensor3D): tf.Tensor3D;
  /** @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range */
  mixture(spec: MixtureSpec): MixtureOperations;
}
