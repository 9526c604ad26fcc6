import type { Activation } from '../ops/activation-names.js';

export type { Activation };

/** An affine map of a flat input, then layer norm where asked for, then the activation. */
export interface DenseSpec {
  readonly type: 'dense';
  /** Number of outputs. */
  readonly size: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** A convolution of an image with TensorFlow's SAME padding, then as {@link DenseSpec}. */
export interface ConvSpec {
  readonly type: 'conv';
  /** Output channels. */
  readonly size: number;
  /** Height and width of the kernel in pixels. */
  readonly kernel: number;
  /** Pixels between outputs. Default 1. */
  readonly stride?: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** Enlargement by nearest neighbour, then a convolution with stride 1 and SAME padding, then as {@link DenseSpec}. */
export interface ResizeConvSpec {
  readonly type: 'resizeConv';
  /** Output channels. */
  readonly size: number;
  /** Height and width of the kernel in pixels of the enlarged image. */
  readonly kernel: number;
  /** Factor of enlargement, 1 or more. Default 2. */
  readonly scale?: number;
  readonly activation: Activation;
  /** Default false. */
  readonly layerNorm?: boolean;
}

/** Gives each sample another shape with the same number of elements, e.g. [height, width, channels]. */
export interface ReshapeSpec {
  readonly type: 'reshape';
  readonly shape: readonly number[];
}

/** Makes each sample a vector. */
export interface FlattenSpec {
  readonly type: 'flatten';
}

/** Normalises each sample to mean 0 and variance 1, without parameters and without an epsilon. */
export interface InputNormSpec {
  readonly type: 'inputNorm';
}

export type LayerSpec = DenseSpec | ConvSpec | ResizeConvSpec | ReshapeSpec | FlattenSpec | InputNormSpec;

/**
 * The recurrent layer: z = [input, h] W + b; the new h is activation(z), the layer's output is activation(norm(z)),
 * or activation(z) without a layer norm (method, section 4).
 */
export interface RecurrentSpec {
  /** Hidden units M. */
  readonly size: number;
  readonly activation: Activation;
  /** On the output only. Default false. */
  readonly layerNorm?: boolean;
}

/** The network of RNN-EM: input layers, one recurrent layer, output layers whose last gives ψ. */
export interface RnnEmSpec {
  readonly type: 'rnn-em';
  readonly input: readonly LayerSpec[];
  readonly recurrent: RecurrentSpec;
  readonly output: readonly LayerSpec[];
}

/** N-EM as the paper runs it: ψ = sigmoid(sigmoid(θ) Wᵀ) and a learned step size η (method, section 1). */
export interface NemSpec {
  readonly type: 'n-em';
  /** M, the size of θ. */
  readonly size: number;
}

/** A network as data. */
export type NetworkSpec = RnnEmSpec | NemSpec;
