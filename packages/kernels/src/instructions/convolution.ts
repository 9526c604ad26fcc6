import { instruction } from './instruction.js';

/** Square windows on images [images, height, width, channels]. */
const windows = {
  kernel: 'side',
  stride: 'side',
  top: 'margin',
  left: 'margin',
  height: 'side',
  width: 'side',
  channels: 'side',
  outHeight: 'side',
  outWidth: 'side',
} as const;

/** out = the bias and the sums of `patches`, [images, outHeight, outWidth, kernel² channels], where they overlap. */
export const scatter = instruction(
  18,
  'scatter patches',
  { images: 'count', ...windows, patches: 'array', bias: 'optional', out: 'array' },
  ({ images, kernel, height, width, channels, outHeight, outWidth }) => ({
    patches: images * outHeight * outWidth * kernel * kernel * channels,
    bias: channels,
    out: images * height * width * channels,
  }),
);

/** patches [images, outHeight, outWidth, kernel² channels] of x, 0 outside the images. */
export const gather = instruction(
  35,
  'gather patches',
  { images: 'count', ...windows, x: 'array', patches: 'array' },
  ({ images, kernel, height, width, channels, outHeight, outWidth }) => ({
    x: images * height * width * channels,
    patches: images * outHeight * outWidth * kernel * kernel * channels,
  }),
);

const folding = {
  kernel: 'side',
  scale: 'side',
  channels: 'side',
  outputs: 'side',
  weights: 'array',
  folded: 'array',
} as const;

const foldingLengths = (sizes: { kernel: number; scale: number; channels: number; outputs: number }) => ({
  weights: sizes.kernel ** 2 * sizes.channels * sizes.outputs,
  folded: (sizes.kernel + sizes.scale - 1) ** 2 * sizes.channels * sizes.outputs,
});

/** folded [reach, reach, outputs, channels] from weights [kernel, kernel, channels, outputs]; reach is kernel + scale − 1. */
export const fold = instruction(19, 'fold weights', folding, foldingLengths);

/** The gradient of the weights from that of the folded ones. */
export const unfold = instruction(20, 'unfold gradient', folding, foldingLengths);
