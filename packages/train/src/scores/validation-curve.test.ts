import { expect, it } from 'vitest';
import { findExperiment, withRecipe } from '../experiments/index.js';
import { validationCurve } from './validation-curve.js';

const validation = {
  inputs: 10,
  adjustedMutualInfo: 0.8,
  adjustedRand: 0.7,
  confidence: 0.9,
  loss: 100,
  predictionLoss: 50,
};
const epochs = [1, 2, 3].map((stage) => ({
  ...{ epoch: stage, stage, update: stage * 10, seconds: 1, training: { loss: 100 } },
  validation,
}));

it('leaves out the scores of groups of stages with one object, but not their losses', () => {
  const fast = withRecipe(findExperiment('flying-shapes-3'), 'fast');
  expect(validationCurve(fast, epochs, 'adjustedMutualInfo.max')).toEqual([undefined, 0.8, 0.8]);
  expect(validationCurve(fast, epochs, 'loss')).toEqual([100, 100, 100]);
});

it('leaves out the scores of groups of an autoencoder', () => {
  const whole = epochs.map(({ stage: _, ...epoch }) => epoch);
  const curve = (name: string) => validationCurve(findExperiment(name), whole, 'adjustedMutualInfo.max');
  expect(curve('flying-shapes-3-autoencoder')).toEqual([undefined, undefined, undefined]);
  expect(curve('flying-shapes-3')).toEqual([0.8, 0.8, 0.8]);
});
