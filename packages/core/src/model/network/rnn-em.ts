import { type Fields, listOf } from '../spec-check.js';
import { type LayerShape, outputShape, stackShape } from './layer-shape.js';
import { type LayerSpec, layer } from './layer-types.js';
import { NetworkError } from './network-error.js';
import type { ParameterSpec } from './parameter-spec.js';
import { type RecurrentShape, type RecurrentSpec, recurrent, recurrentShape } from './recurrent.js';
import { elements } from './sample-shape.js';

/** The network of RNN-EM: input layers, one recurrent layer, output layers whose last gives ψ. */
export interface RnnEmSpec {
  readonly type: 'rnn-em';
  readonly input: readonly LayerSpec[];
  readonly recurrent: RecurrentSpec;
  readonly output: readonly LayerSpec[];
}

export const rnnEmFields: Fields<RnnEmSpec> = {
  input: listOf('layers', layer),
  recurrent,
  output: listOf('layers', layer),
};

/** An RNN-EM network with its shapes. */
export interface RnnEmShape {
  readonly type: 'rnn-em';
  readonly input: readonly LayerShape[];
  readonly recurrent: RecurrentShape;
  readonly output: readonly LayerShape[];
  /** M. */
  readonly hiddenSize: number;
  /** Of all layers, in order: the order decides each parameter's key at the start. */
  readonly parameters: readonly ParameterSpec[];
}

/** @throws NetworkError for a network that cannot be built or whose output is not an image of `pixels` pixels */
export function rnnEmShape(network: RnnEmSpec, pixels: number): RnnEmShape {
  const input = stackShape('input', network.input, [pixels]);
  const between = recurrentShape(network.recurrent, outputShape(input, [pixels]));
  const output = stackShape('output', network.output, [network.recurrent.size]);
  const last = outputShape(output, [network.recurrent.size]);
  if (elements(last) !== pixels) {
    throw new NetworkError(
      `the network gives [${last.join(', ')}] for images of ${pixels} pixels: make its last layer give ${pixels}.`,
    );
  }
  const parameters = [...input, between, ...output].flatMap((layer) => layer.parameters);
  return { type: 'rnn-em', input, recurrent: between, output, hiddenSize: network.recurrent.size, parameters };
}
