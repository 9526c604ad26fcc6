import type { Fields } from '../spec-check.js';
import type { NamedArrays } from '../weights/safetensors.js';
import type { ParameterSpec } from './parameter-spec.js';
import type { SampleShape } from './sample-shape.js';

/** What a layer makes of its input, and the parameters that it has for that. */
export interface LayerPlace {
  readonly outputShape: SampleShape;
  readonly parameters: readonly ParameterSpec[];
  /** Products of a weight and a value for one sample, each with its addition. Default 0. */
  readonly products?: number;
}

/** A layer at its place in a network. */
export interface PlacedLayer<S> {
  /** Prefix of its parameters' names, e.g. `input.1`. */
  readonly name: string;
  readonly spec: S;
  readonly inputShape: SampleShape;
  readonly outputShape: SampleShape;
}

/** What a layer makes of its input: [rows, …inputShape] becomes [rows, …outputShape]. */
export type Forward = (x: Float32Array, rows: number) => Float32Array;

/** Everything that there is to know of one type of layer. An engine adds the function and its gradient, made for its device. */
export interface LayerType<S> {
  /** What each field of the specification except `type` may be; there are no others. */
  readonly fields: Fields<S>;
  /**
   * The layer's output shape and parameters, given its input shape.
   * @param name prefix of its parameters' names, e.g. `input.1`
   * @param spec of which each field is what it may be
   * @throws NetworkError for an input that the layer cannot take
   */
  place(name: string, spec: S, inputShape: SampleShape): LayerPlace;
  /**
   * The layer's function in plain TypeScript, which engines are compared with.
   * @param parameters those of the network, by full name
   */
  forward(layer: PlacedLayer<S>, parameters: NamedArrays): Forward;
}
