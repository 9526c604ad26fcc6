import type { LayerShape, LayerSpec, LayerSpecOf } from '@nem/core';
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
  lower: (context, shape, place) => lowerAffineLayer(context, shape, place, lowerAffine, stepwise),
  stepwise,
});

/** A layer that only gives its input another shape: it needs no instruction, for the elements stay where they are. */
const NO_INSTRUCTIONS = undefined;

/** Every layer type. To add one, write its lowering in a file of its own and list it here. */
const LOWERINGS: { readonly [Type in LayerType]: Lowering<LayerSpecOf<Type>> | undefined } = {
  dense: affine(denseAffine, false),
  conv: affine(convAffine, true),
  resizeConv: affine(resizeConvAffine, true),
  inputNorm: { lower: lowerInputNorm, stepwise: false },
  reshape: NO_INSTRUCTIONS,
  flatten: NO_INSTRUCTIONS,
};

/** How a layer becomes instructions; undefined where it needs none. */
export const loweringOf = (shape: LayerShape): Lowering<LayerSpec> | undefined =>
  // The union of the table's entries takes no single shape; the entry is the one of this shape's type.
  LOWERINGS[shape.spec.type] as Lowering<LayerSpec> | undefined;
