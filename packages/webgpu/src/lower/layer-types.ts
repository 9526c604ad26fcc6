import { type LayerShape, type LayerSpec, type LayerSpecOf, NetworkError } from '@nem/core';
import { entryOf } from '../table.js';
import type { AffineSpec, LowerAffine } from './affine.js';
import { lowerAffineLayer } from './affine-layer.js';
import { convAffine } from './conv.js';
import { denseAffine } from './dense.js';
import { lowerInputNorm } from './input-norm.js';
import type { Lowering } from './layer.js';
import { resizeConvAffine } from './resize-conv.js';

type LayerType = LayerSpec['type'];

/** A layer with weights, by its affine map. */
const affine = <Spec extends AffineSpec>(lowerAffine: LowerAffine<Spec>, stepwise: boolean): Lowering<Spec> => ({
  lower: (context, shape, place) => lowerAffineLayer(context, shape, place, lowerAffine),
  stepwise,
});

/** A layer that only gives its input another shape: it needs no launch, for the elements stay where they are. */
const NO_LAUNCHES = undefined;

/** Every layer type. To add one, write its lowering in a file of its own and list it here. */
const LOWERINGS: { readonly [Type in LayerType]: Lowering<LayerSpecOf<Type>> | undefined } = {
  dense: affine(denseAffine, false),
  conv: affine(convAffine, true),
  resizeConv: affine(resizeConvAffine, true),
  inputNorm: { lower: lowerInputNorm, stepwise: false },
  reshape: NO_LAUNCHES,
  flatten: NO_LAUNCHES,
};

/**
 * How a layer becomes launches; undefined where it needs none.
 * @throws NetworkError for a type that is not in the table
 */
export function loweringOf<Type extends LayerType>(
  shape: LayerShape<LayerSpecOf<Type>>,
): Lowering<LayerSpecOf<Type>> | undefined {
  const { name, spec } = shape;
  const unknown = (known: string) => new NetworkError(`${name} has the unknown type '${spec.type}': use ${known}.`);
  return entryOf(LOWERINGS, spec.type as Type, unknown);
}
