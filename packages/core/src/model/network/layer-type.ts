import type { Fields } from '../spec-check.js';
import type { ParameterSpec } from './parameter-spec.js';
import type { SampleShape } from './sample-shape.js';

/** What a layer makes of its input, and the parameters that it has for that. */
export interface LayerPlace {
  readonly outputShape: SampleShape;
  readonly parameters: readonly ParameterSpec[];
  /** Products of a weight and a value for one sample, each with its addition. Default 0. */
  readonly products?: number;
}

/** The rules of one type of layer. An engine adds the layer's function and its gradient in files of its own. */
export interface LayerType<S> {
  /** What each field of the specification but `type` may be; there are no others. */
  readonly fields: Fields<S>;
  /**
   * The layer's output shape and parameters, given its input shape.
   * @param name prefix of its parameters' names, e.g. `input.1`
   * @param spec of which each field is what it may be
   * @throws NetworkError for an input that the layer cannot take
   */
  place(name: string, spec: S, inputShape: SampleShape): LayerPlace;
}
