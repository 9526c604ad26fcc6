import { variant } from '../spec-check.js';
import type { LayerPlace, LayerType } from './layer-type.js';
import { type ConvSpec, conv } from './layers/conv.js';
import { type DenseSpec, dense } from './layers/dense.js';
import { type FlattenSpec, flatten } from './layers/flatten.js';
import { type InputNormSpec, inputNorm } from './layers/input-norm.js';
import { type ReshapeSpec, reshape } from './layers/reshape.js';
import { type ResizeConvSpec, resizeConv } from './layers/resize-conv.js';
import type { SampleShape } from './sample-shape.js';

/** Any layer but the recurrent one, as data. */
export type LayerSpec = DenseSpec | ConvSpec | ResizeConvSpec | ReshapeSpec | FlattenSpec | InputNormSpec;

/** The specification of a type of layer. */
export type LayerSpecOf<T extends LayerSpec['type']> = Extract<LayerSpec, { type: T }>;

const layerTypes: { readonly [T in LayerSpec['type']]: LayerType<LayerSpecOf<T>> } = {
  dense,
  conv,
  resizeConv,
  reshape,
  flatten,
  inputNorm,
};

/** Any layer but the recurrent one. */
export const layer = variant(
  Object.fromEntries(Object.entries(layerTypes).map(([type, { fields }]) => [type, fields])),
);

/**
 * The output shape and parameters of a layer, whose specification has been checked.
 * @throws NetworkError for an input that the layer cannot take
 */
export function placeLayer(name: string, spec: LayerSpec, inputShape: SampleShape): LayerPlace {
  // The union of the table's entries takes no single specification; the entry is the one of this type.
  return (layerTypes[spec.type] as LayerType<LayerSpec>).place(name, spec, inputShape);
}
