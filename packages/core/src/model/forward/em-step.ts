import { InputError } from '../engine/input-error.js';
import { LIKELIHOOD_EPSILON } from '../epsilons.js';
import { isFloat32Array } from '../float32-array.js';
import { numbers } from '../formulas/numbers.js';
import { type MixtureSpec, pixelDistribution } from '../mixture/distributions.js';
import type { PixelDistribution } from '../mixture/pixel-distribution.js';
import { type NetworkSpec, networkShape } from '../network/network.js';
import { requireParameters } from '../network/parameters.js';
import { elements } from '../network/sample-shape.js';
import { shownOrMissing } from '../shown.js';
import { faultSentence, imageSize } from '../spec-check.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { createCell } from './cell.js';

/** Everything that a step hands to the next one, of a batch of inputs with K components each. */
export interface EmState {
  /** [batch, components, pixels]. */
  readonly gamma: Float32Array;
  /** ψ, [batch, components, pixels]. */
  readonly psi: Float32Array;
  /** h (θ of N-EM), [batch, components, M]. */
  readonly hidden: Float32Array;
}

/** What a step is made for; it takes any batch and any number of components. */
export interface EmStepSpec {
  readonly network: NetworkSpec;
  readonly mixture: MixtureSpec;
  /** [height, width] in pixels. */
  readonly image: readonly [number, number];
  /** ψ before the first step. Default 0. */
  readonly initialPrediction?: number;
}

/** A trained network as a function of one step. */
export interface EmStep {
  /** M, the size of a component's hidden state. */
  readonly hiddenSize: number;
  /**
   * The state before the first step: h = 0 and ψ constant.
   * @param gamma [batch, components, pixels]
   */
  start(gamma: Float32Array): EmState;
  /**
   * One step (method, section 2, lines 1 to 3).
   * @param corrupted x̃_t, [batch, pixels]
   * @param clean x_{t+1}, [batch, pixels], which γ is taken from; the same as `corrupted` for a still image without noise
   * @throws InputError for frames or a state that are not Float32Arrays of the batch's lengths
   */
  next(state: EmState, corrupted: Float32Array, clean: Float32Array): EmState;
}

/** γ_k ⊙ (x̃ − ψ_k), [batch, components, pixels]. */
function maskedDifference({ gamma, psi }: EmState, corrupted: Float32Array, pixels: number): Float32Array {
  const out = new Float32Array(gamma.length);
  const perInput = (gamma.length / corrupted.length) * pixels;
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / perInput) * pixels + (i % pixels);
    out[i] = gamma[i]! * (corrupted[pixel]! - psi[i]!);
  }
  return out;
}

/** E-step: γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6) (method, section 1). */
function assign(distribution: PixelDistribution, clean: Float32Array, psi: Float32Array, pixels: number): Float32Array {
  const gamma = new Float32Array(psi.length);
  const components = psi.length / clean.length;
  for (let pixel = 0; pixel < clean.length; pixel++) {
    const first = Math.floor(pixel / pixels) * components * pixels + (pixel % pixels);
    let evidence = 0;
    for (let k = 0; k < components; k++) {
      const at = first + k * pixels;
      const likelihood = distribution.likelihood(numbers, clean[pixel]!, psi[at]!) + LIKELIHOOD_EPSILON;
      gamma[at] = likelihood;
      evidence += likelihood;
    }
    for (let k = 0; k < components; k++) gamma[first + k * pixels]! /= evidence;
  }
  return gamma;
}

/**
 * The state before the first step: h = 0 and ψ constant (method, section 2).
 * @param gamma [batch, components, pixels]
 * @param pixels in a frame
 * @param hiddenSize M, the size of a component's hidden state
 * @param initialPrediction ψ. Default 0
 */
export function initialEmState(
  gamma: Float32Array,
  pixels: number,
  hiddenSize: number,
  initialPrediction = 0,
): EmState {
  return {
    gamma,
    psi: new Float32Array(gamma.length).fill(initialPrediction),
    hidden: new Float32Array((gamma.length / pixels) * hiddenSize),
  };
}

/**
 * What every implementation of {@link EmStep} asks of its arguments.
 * @throws InputError unless all are Float32Arrays with the lengths of one batch
 */
export function requireStepLengths(
  { gamma, psi, hidden }: EmState,
  corrupted: Float32Array,
  clean: Float32Array,
  pixels: number,
  hiddenSize: number,
): void {
  for (const [name, values] of Object.entries({ gamma, psi, hidden, corrupted, clean })) {
    if (isFloat32Array(values)) continue;
    throw new InputError(`the ${name} of a step is ${shownOrMissing(values)}: give a Float32Array.`);
  }
  const rows = gamma.length / pixels;
  const components = gamma.length / corrupted.length;
  if (corrupted.length === 0 || corrupted.length % pixels !== 0 || clean.length !== corrupted.length) {
    throw new InputError(
      `the frames of a step have ${corrupted.length} and ${clean.length} pixels: give a batch of ${pixels} pixels each.`,
    );
  }
  if (
    Number.isInteger(components) &&
    components > 0 &&
    psi.length === gamma.length &&
    hidden.length === rows * hiddenSize
  )
    return;
  throw new InputError(
    `the state of a step has γ, ψ and h of ${gamma.length}, ${psi.length} and ${hidden.length} values: give [batch, components, ${pixels}] twice and [batch, components, ${hiddenSize}].`,
  );
}

/**
 * A trained network without an engine, in plain TypeScript and double precision inside: the reference that engines are compared
 * with, and what runs where none is installed.
 * @throws InputError for the image; NetworkError where the network cannot be built or the parameters are not its own; RangeError
 *   for the mixture
 */
export function createEmStep(spec: EmStepSpec, parameters: NamedArrays): EmStep {
  const { network, mixture, image, initialPrediction } = spec;
  const fault = imageSize(image, ['image']);
  if (fault) throw new InputError(faultSentence(fault, 'the model'));
  const pixels = elements(image);
  const shape = networkShape(network, pixels);
  requireParameters(shape.parameters, parameters);
  const cell = createCell(shape, pixels, parameters);
  const distribution = pixelDistribution(mixture);
  const { hiddenSize } = shape;
  return {
    hiddenSize,
    start: (gamma) => initialEmState(gamma, pixels, hiddenSize, initialPrediction),
    next(state, corrupted, clean) {
      requireStepLengths(state, corrupted, clean, pixels, hiddenSize);
      const input = maskedDifference(state, corrupted, pixels);
      const { psi, hidden } = cell(input, state.hidden, input.length / pixels);
      return { psi, hidden, gamma: assign(distribution, clean, psi, pixels) };
    },
  };
}
