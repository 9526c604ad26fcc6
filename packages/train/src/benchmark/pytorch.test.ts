import { expect, it } from 'vitest';
import { engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { torchSpec } from './pytorch.js';

it('gives PyTorch of a schedule the peak, and the bound of the gradients', () => {
  const still = findExperiment('static-shapes');
  expect(torchSpec(still)).toEqual(engineSpec(still));
  const settings = ['learningRate={"peak":0.002,"warmUp":9,"decay":{"until":60,"to":0.0002}}', 'clipNorm=1000'];
  expect(torchSpec(withSettings(still, settings)).optimizer).toEqual({ learningRate: 0.002, clipNorm: 1000 });
});
