import { variant } from '../spec-check.js';
import type { NamedArrays } from '../weights/safetensors.js';
import type { Forward, LayerPlace, LayerType, PlacedLayer } from './layer-type.js';
import { conv } from './layers/conv.js';
import { dense } from './layers/dense.js';
import { flatten } from './layers/flatten.js';
import { inputNorm } from './layers/input-norm.js';
import { reshape } from './layers/reshape.js';
import { resizeConv } from './layers/resize-conv.js';
import type { SampleShape } from './sample-shape.js';

/** Every type of layer but the recurrent one, by its name in specifications. To add one, write its file and list it here. */
const layerTypes = { dense, conv, resizeConv, reshape, flatten, inputNorm };

type SpecOf<L> = L extends LayerType<infer S> ? S : never;

/** Any layer but the recurrent one, as data. */
export type LayerSpec = SpecOf<(typeof layerTypes)[keyof typeof layerTypes]>;

/** The specification of a type of layer. */
export type LayerSpecOf<T extends LayerSpec['type']> = Extract<LayerSpec, { type: T }>;

/** Any layer but the recurrent one. */
export const layer = variant(
  Object.fromEntries(Object.entries(layerTypes).map(([type, { fields }]) => [type, fields])),
);

// The union of the table's entries takes no single specification; the entry is the one of this type.
const typeOf = ({ type }: LayerSpec) => layerTypes[type] as LayerType<LayerSpec>;

/**
 * The output shape and parameters of a layer, whose specification has been checked.
 * @throws NetworkError for an input that the layer cannot take
 */
export const placeLayer = (name: string, spec: LayerSpec, inputShape: SampleShape): LayerPlace =>
  typeOf(spec).place(name, spec, inputShape);

/** Layers one after the other, in plain TypeScript. */
export function stackForward(layers: readonly PlacedLayer<LayerSpec>[], parameters: NamedArrays): Forward {
  const forwards = layers.map((layer) => typeOf(layer.spec).forward(layer, parameters));
  return (x, rows) => forwards.reduce((values, forward) => forward(values, rows), x);
}
