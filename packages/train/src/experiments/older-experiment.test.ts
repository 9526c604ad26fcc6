import { describe, expect, it } from 'vitest';
import { findExperiment, parseExperiment } from './index.js';
import { upgradeExperiment } from './older-experiment.js';

const today = findExperiment('flying-shapes-3');
const still = findExperiment('static-shapes');
const { motion: _, ...dataset } = today.dataset as Extract<typeof today.dataset, { type: 'flying-shapes' }>;

describe('upgradeExperiment', () => {
  it('gives an experiment with a speed range its sub-pixel motion, and says so', () => {
    const { experiment, notice } = upgradeExperiment({ ...today, dataset: { ...dataset, speed: [1, 2] } });
    const motion = { type: 'subPixel', speed: [1, 2] };
    expect(parseExperiment(experiment)).toEqual({ ...today, dataset: { ...dataset, motion } });
    expect(notice).toContain('no dataset.motion');
    expect(notice).toContain('{"type":"subPixel","speed":[1,2]}');
  });

  it('gives the stages of an experiment their data as fields of the dataset', () => {
    const staged = findExperiment('flying-mnist-stages');
    const older = [20, 500, 'all'].map((variations, i) => ({ variations, learningRate: i === 0 ? 0.001 : 0.0005 }));
    expect(upgradeExperiment({ ...staged, stages: older })).toEqual({ experiment: staged });
  });

  it.each([
    ['an experiment of today', today],
    ['stages that are none', { ...today, stages: [3, null] }],
    ['still images', still],
    ['a motion beside a speed, which the check refuses', { ...today, dataset: { ...today.dataset, speed: [1, 2] } }],
    ['still images with a speed, which the check refuses', { ...still, dataset: { ...still.dataset, speed: [1, 2] } }],
    ['something else', 'text'],
    ['nothing', null],
    ['a dataset that is none', { dataset: 3 }],
  ])('leaves %s as it is', (_, value) => {
    expect(upgradeExperiment(value)).toEqual({ experiment: value });
  });

  it('leaves a flying dataset with neither to the check, which says what to give', () => {
    const { experiment } = upgradeExperiment({ ...today, dataset });
    expect(() => parseExperiment(experiment)).toThrow('dataset.motion is missing: give');
  });
});
