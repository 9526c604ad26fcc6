import type { PlacedLayer } from './layer-type.js';
import { type LayerSpec, placeLayer } from './layer-types.js';
import type { ParameterSpec } from './parameter-spec.js';
import type { SampleShape } from './sample-shape.js';

/** A layer with the shapes and the parameters that its place in a network gives it. */
export interface LayerShape<S extends LayerSpec = LayerSpec> extends PlacedLayer<S> {
  readonly parameters: readonly ParameterSpec[];
  /** Products of a weight and a value for one sample, each with its addition. */
  readonly products: number;
}

/** Shape after the last of `layers`. */
export function outputShape(layers: readonly LayerShape[], inputShape: SampleShape): SampleShape {
  return layers.at(-1)?.outputShape ?? inputShape;
}

/**
 * Layers one after the other, named `prefix.0`, `prefix.1` and so on.
 * @throws NetworkError for a layer that cannot be built
 */
export function stackShape(prefix: string, specs: readonly LayerSpec[], inputShape: SampleShape): LayerShape[] {
  const layers: LayerShape[] = [];
  for (const [i, spec] of specs.entries()) {
    const from = outputShape(layers, inputShape);
    const name = `${prefix}.${i}`;
    layers.push({ name, spec, inputShape: from, products: 0, ...placeLayer(name, spec, from) });
  }
  return layers;
}
