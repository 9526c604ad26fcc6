import type { Unrolled } from './engines/unroller.js';
import { ModelError } from './model-error.js';

/** Lengths of the axes of a {@link Grouping}'s arrays. */
export interface GroupingShape {
  /** Steps that were kept: all, of which a sequence of F frames has F − 1 (for its second frame to its last), or 1, the last. */
  readonly steps: number;
  readonly batch: number;
  /** K. */
  readonly components: number;
  readonly height: number;
  readonly width: number;
  /** M. */
  readonly hidden: number;
}

/** What a network has found. All arrays are row-major. */
export interface Grouping {
  /** The component that each pixel most likely belongs to, from 0 to K − 1: [steps, batch, height, width]. */
  readonly labels: Uint8Array;
  /** γ, how much of each pixel belongs to each component: [steps, batch, components, height, width], sums to 1 over components. */
  readonly gamma: Float32Array;
  /** ψ, what each component predicts of the image: as γ, from 0 to 1 for binary pixels. */
  readonly predictions: Float32Array;
  /** h (θ of N-EM), what each component knows: [steps, batch, components, hidden]. */
  readonly hidden: Float32Array;
  readonly shape: GroupingShape;
}

/** Labels are bytes. */
export const MOST_COMPONENTS = 256;

/** argmax over the components of γ; the first of equals. */
function labelsOf(gamma: Float32Array, components: number, pixels: number): Uint8Array {
  const labels = new Uint8Array(gamma.length / components);
  for (let i = 0; i < labels.length; i++) {
    const first = Math.floor(i / pixels) * components * pixels + (i % pixels);
    for (let k = 1; k < components; k++) {
      if (gamma[first + k * pixels]! > gamma[first + labels[i]! * pixels]!) labels[i] = k;
    }
  }
  return labels;
}

/**
 * What was computed of a batch, with labels.
 * @throws ModelError where a prediction is no number: a network that normalises its input cannot read an image of one value
 */
export function groupingOf({ gamma, predictions, hidden }: Unrolled, shape: GroupingShape): Grouping {
  if (!predictions.every(Number.isFinite)) {
    throw new ModelError(
      'the prediction is not a finite number, as that of a network that normalises its input is for an image of one grey value: leave such images out.',
    );
  }
  return { labels: labelsOf(gamma, shape.components, shape.height * shape.width), gamma, predictions, hidden, shape };
}
