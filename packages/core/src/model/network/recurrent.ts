import { count, type Fields, flag, object, optional } from '../spec-check.js';
import { type Activation, activation } from './activation-names.js';
import { NetworkError } from './network-error.js';
import { affineParameters, type ParameterSpec } from './parameter-spec.js';
import type { SampleShape } from './sample-shape.js';

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

const fields: Fields<RecurrentSpec> = { size: count, activation, layerNorm: optional(flag) };

/** The recurrent layer. */
export const recurrent = object(fields);

/** The recurrent layer with its place in a network. */
export interface RecurrentShape {
  readonly spec: RecurrentSpec;
  readonly inputSize: number;
  readonly parameters: readonly ParameterSpec[];
}

/** @throws NetworkError for an input that is not flat */
export function recurrentShape(spec: RecurrentSpec, inputShape: SampleShape): RecurrentShape {
  const [inputSize, ...others] = inputShape;
  if (inputSize === undefined || others.length > 0) {
    throw new NetworkError(
      `the recurrent layer's input is [${inputShape.join(', ')}]: end the input layers with flatten or dense.`,
    );
  }
  const parameters = affineParameters('recurrent', [inputSize + spec.size, spec.size], spec.layerNorm);
  return { spec, inputSize, parameters };
}
