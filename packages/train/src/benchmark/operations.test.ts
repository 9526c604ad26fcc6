import { expect, it } from 'vitest';
import { engineSpec, findExperiment } from '../experiments/index.js';
import { trainingOperations } from './operations.js';

const operations = (name: string) => {
  const experiment = findExperiment(name);
  return trainingOperations(engineSpec(experiment), experiment.batchSize);
};

it('counts flying shapes as 272 GFLOP, within a hundredth', () => {
  expect(operations('flying-shapes-3') / 272e9).toBeCloseTo(1, 2);
});

it('counts static shapes by its two products', () => {
  expect(operations('static-shapes')).toBe(3 * 15 * 64 * 4 * 2 * ((784 + 250) * 250 + 250 * 784));
});

it('counts N-EM by its two products', () => {
  expect(operations('static-shapes-nem')).toBe(3 * 15 * 64 * 4 * 2 * 2 * 784 * 250);
});
