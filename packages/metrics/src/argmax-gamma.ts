import { MetricInputError } from './errors.js';
import { requireOptions } from './options.js';
import { requireLength, requireNumbers, requireSize } from './shape.js';

/** The shape of a batch of soft assignments. */
export interface GammaShape {
  frames: number;
  components: number;
  pixels: number;
}

/**
 * The hard assignment of each pixel: the component with the largest gamma; the first of several that are equal.
 *
 * @param gamma soft assignments [frames, components, pixels], row-major
 * @param shape the three sizes, integers of at least 1 (frames: at least 0)
 * @param out where the labels go, [frames, pixels]; default a new array
 * @returns `out`: labels from 0 to components − 1
 * @throws MetricInputError if an array's length does not fit the shape, or a gamma is NaN or no number
 */
export function argmaxGamma(gamma: Float32Array | Float64Array, shape: GammaShape, out?: Int32Array): Int32Array {
  requireOptions(shape, ['frames', 'components', 'pixels'], 'sizes');
  const { frames, components, pixels } = shape;
  requireSize('frames', frames, 0);
  requireSize('components', components, 1);
  requireSize('pixels', pixels, 1);
  requireLength('gamma', gamma, '[frames, components, pixels]', [frames, components, pixels]);
  requireNumbers('gamma', gamma);
  const labels = out === undefined ? new Int32Array(frames * pixels) : out;
  requireLength('out', labels, '[frames, pixels]', [frames, pixels], 'Int32Array');
  for (let frame = 0; frame < frames; frame++) {
    argmaxFrame(gamma, frame * components * pixels, components, pixels, labels, frame * pixels);
  }
  return labels;
}

/**
 * The hard assignment of one frame, whose gamma [components, pixels] starts at `start`, written to `out` from `outStart`.
 *
 * @param dropped where given, pixels with this true label are passed over
 * @returns the sum of the largest gammas
 */
export function argmaxFrame(
  gamma: Float32Array | Float64Array,
  start: number,
  components: number,
  pixels: number,
  out: Int32Array,
  outStart: number,
  dropped?: { labelsTrue: ArrayLike<number>; trueStart: number; ignore: number },
): number {
  const { labelsTrue, trueStart, ignore } = dropped ?? { labelsTrue: out, trueStart: 0, ignore: Number.NaN };
  const drops = !Number.isNaN(ignore);
  let sum = 0;
  for (let i = 0; i < pixels; i++) {
    if (drops && labelsTrue[trueStart + i] === ignore) continue;
    let position = start + i;
    let best = gamma[position]!;
    let component = 0;
    if (Number.isNaN(best)) throw nanGamma(position);
    for (let k = 1; k < components; k++) {
      position += pixels;
      const value = gamma[position]!;
      if (value <= best) continue;
      if (Number.isNaN(value)) throw nanGamma(position);
      best = value;
      component = k;
    }
    out[outStart + i] = component;
    sum += best;
  }
  return sum;
}

function nanGamma(position: number): MetricInputError {
  return new MetricInputError(
    'gamma',
    `gamma[${position}] is NaN, which has no place in an order; check that the model's output is finite.`,
  );
}
