import * as gifenc from 'gifenc';

/** The parts of gifenc. Node has what this CommonJS package exports as its default export, bundlers have it by name. */
export const { GIFEncoder, quantize, applyPalette } =
  'quantize' in gifenc ? gifenc : ((gifenc as { readonly default: unknown }).default as typeof gifenc);

/** Milliseconds of a frame of an animation. */
export const FRAME_MILLISECONDS = 120;
