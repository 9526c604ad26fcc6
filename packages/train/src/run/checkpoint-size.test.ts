import { expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { findExperiment, withSettings } from '../experiments/index.js';
import { requireCheckpointSize } from './checkpoint-size.js';

const withUnits = (units: number) => withSettings(findExperiment('static-shapes'), [`network.recurrent.size=${units}`]);

it('a network of which a checkpoint would be too large is refused with the number of its parameters', () => {
  // (784 + units) × units weights into the recurrent layer and units × 784 out of it, with their biases.
  expect(() => requireCheckpointSize(withUnits(10_000))).not.toThrow();
  expect(() => requireCheckpointSize(withUnits(11_000))).toThrow(UsageError);
  expect(() => requireCheckpointSize(withUnits(11_000))).toThrow(
    'the network has 138259784 parameters, too many for a checkpoint, which takes at most 133169151: make it smaller',
  );
});
