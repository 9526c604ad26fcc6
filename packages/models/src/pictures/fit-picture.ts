import { ModelError } from '../model-error.js';
import { type Names, requireOptions } from '../options.js';
import { evenLight } from './even-light.js';
import { toGrey } from './grey.js';
import type { Picture } from './picture.js';
import { type Area, resize } from './resize.js';
import { binarize, otsuThreshold } from './threshold.js';

/** How a picture is made an input of a network. */
export interface FitOptions {
  /**
   * `pad`: all of the picture, with background beside it where its shape is another; `crop`: the largest part in the middle that has
   * the network's shape, so that objects are larger. Default `pad`.
   */
  readonly fit?: 'crop' | 'pad';
  /** Whether dark objects on a bright background become bright ones on a dark one. Default: where most of the picture is bright. */
  readonly invert?: boolean;
  /**
   * Above which grey value, from 0 to 1, a pixel is white, for a network of binary pixels; false keeps grey. Default: Otsu's, which
   * parts the two brightnesses of the picture best.
   */
  readonly threshold?: number | false;
  /**
   * Whether shades and gradients of the light are taken away first, where dark lines are on bright paper. Things wider than a fifth of the
   * picture and not nearly black would go with them. Default true.
   */
  readonly evenLight?: boolean;
}

/** What a picture is made for: a `Model` is such. */
export interface FitTarget {
  readonly height: number;
  readonly width: number;
  /** Whether pixels are 0 or 1. */
  readonly binary: boolean;
}

function areaOf({ width, height }: Picture, target: FitTarget, fit: 'crop' | 'pad'): Area {
  const [across, down] = [width / target.width, height / target.height];
  const scale = fit === 'crop' ? Math.min(across, down) : Math.max(across, down);
  const size = { width: target.width * scale, height: target.height * scale };
  return { ...size, x: (width - size.width) / 2, y: (height - size.height) / 2 };
}

const isBright = (grey: Float32Array) => median(grey) > 0.5;

/**
 * Whether most of a picture is bright, so that its objects are the dark part: what `invert` is where it is not given.
 * @throws ModelError for values that are not 1 to 4 a pixel, or numbers of colours
 */
export const isDarkOnBright = (picture: Picture): boolean => isBright(toGrey(picture));

function median(values: Float32Array): number {
  return Float32Array.from(values).sort()[Math.floor(values.length / 2)]!;
}

const NAMES: Names<FitOptions> = { fit: true, invert: true, threshold: true, evenLight: true };

/** @throws ModelError for an option that is none */
function requireFitOptions(options: FitOptions): void {
  requireOptions(options, 'fitPicture', NAMES);
  const { fit, threshold } = options;
  if (fit !== undefined && fit !== 'crop' && fit !== 'pad') {
    throw new ModelError(`fit is '${String(fit)}': use 'crop' or 'pad'.`);
  }
  if (threshold === undefined || threshold === false || (threshold >= 0 && threshold < 1)) return;
  throw new ModelError(`the threshold is ${String(threshold)}: give a number of at least 0 and below 1, or false.`);
}

/**
 * A picture of any size as an input of a network: grey (luminance; transparent is black), padded or cut to the network's shape,
 * averaged to its size, in even light, bright on dark and, for binary pixels, black and white. A picture that is such an input already stays as it is.
 * @returns pixels from 0 to 1, row by row
 * @throws ModelError for a picture without pixels, or an option that is none
 */
export function fitPicture(picture: Picture, target: FitTarget, options: FitOptions = {}): Float32Array {
  requireFitOptions(options);
  const { width, height } = picture;
  if (!(width > 0 && height > 0)) throw new ModelError(`the picture is ${height}×${width}: give one with pixels.`);
  const grey = toGrey(picture);
  const invert = options.invert ?? isBright(grey);
  const lit = invert && options.evenLight !== false ? evenLight(grey, height, width) : grey;
  const bright = invert ? lit.map((value) => 1 - value) : lit;
  const area = areaOf(picture, target, options.fit ?? 'pad');
  const fitted = resize(bright, [height, width], area, [target.height, target.width], median(bright));
  if (!target.binary || options.threshold === false) return fitted;
  return binarize(fitted, options.threshold ?? otsuThreshold(fitted));
}
