import { ReportError } from '../report-error.js';
import { type RequiredField, requireFields } from '../require-fields.js';

/** One input and what the network made of it, step by step. Arrays are in row-major order. */
export interface OverviewSample {
  /** Rows of a frame. */
  readonly height: number;
  /** Columns of a frame. */
  readonly width: number;
  /** EM steps, at least 1. */
  readonly steps: number;
  /** Components K, at least 1. */
  readonly components: number;
  /** The noisy frame x̃ that each step saw, [steps, pixels]. Values from 0 to 1. */
  readonly inputs: Float32Array;
  /** The clean frame that each step was to predict, [steps, pixels]. Values from 0 to 1. Left out: not drawn. */
  readonly targets?: Float32Array;
  /** The true group of each pixel of that frame, [steps, pixels]; 0 is background. */
  readonly groups: Uint8Array;
  /** γ after each step, [steps, components, pixels]. */
  readonly gamma: Float32Array;
  /** Each component's prediction ψ, [steps, components, pixels]. */
  readonly predictions: Float32Array;
}

const FIELDS: Readonly<Record<Exclude<keyof OverviewSample, 'targets'>, RequiredField>> = {
  height: { kind: 'number' },
  width: { kind: 'number' },
  steps: { kind: 'number' },
  components: { kind: 'number' },
  inputs: { kind: 'Float32Array' },
  groups: { kind: 'Uint8Array' },
  gamma: { kind: 'Float32Array' },
  predictions: { kind: 'Float32Array' },
};

/**
 * Checks that every field is there, that sizes are positive integers and that every array has the length they ask for.
 * @throws ReportError naming the sample, the field, its value and the remedy
 */
export function checkSample(sample: OverviewSample, index: number): void {
  requireFields(`sample ${index}`, sample, FIELDS);
  for (const field of ['height', 'width', 'steps', 'components'] as const) {
    if (!Number.isSafeInteger(sample[field]) || sample[field] < 1) {
      throw new ReportError(`${field} of sample ${index} is ${sample[field]}: give an integer of at least 1.`);
    }
  }
  const frames = sample.steps * sample.height * sample.width;
  const lengths = {
    inputs: frames,
    targets: frames,
    groups: frames,
    gamma: frames * sample.components,
    predictions: frames * sample.components,
  };
  for (const [field, length] of Object.entries(lengths)) {
    const values = sample[field as keyof typeof lengths];
    if (values !== undefined && values.length !== length) {
      throw new ReportError(
        `${field} of sample ${index} has ${values.length} values: give ${length} for its steps, components and frame.`,
      );
    }
  }
}

/** Row `index` of a row-major array of rows of `length` values, without copying. */
export const row = <T extends Float32Array | Uint8Array>(values: T, index: number, length: number): T =>
  values.subarray(index * length, (index + 1) * length) as T;
