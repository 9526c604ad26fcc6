import type { LayerSpec } from '@nem/core';

/** A 4×4 convolution at stride 2 to `size` channels: ELU and layer norm (method, section 4). */
export const conv = (size: number): LayerSpec => ({
  type: 'conv',
  size,
  kernel: 4,
  stride: 2,
  activation: 'elu',
  layerNorm: true,
});

/** Doubles height and width, then a 4×4 convolution to `size` channels: ReLU and layer norm. */
export const resizeConv = (size: number): LayerSpec => ({
  type: 'resizeConv',
  size,
  kernel: 4,
  scale: 2,
  activation: 'relu',
  layerNorm: true,
});

/** The last layer, to the pixels: one channel, without layer norm. */
export const resizeConvToPixels = (activation: 'sigmoid' | 'linear'): LayerSpec => ({
  type: 'resizeConv',
  size: 1,
  kernel: 4,
  scale: 2,
  activation,
  layerNorm: false,
});
