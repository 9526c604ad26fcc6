// Scores of a network on the first test inputs of static shapes or flying shapes, as its card states them and a test repeats.
import { drawSamples, flyingShapes, staticShapes } from '@nem/datasets';
import { FrameScorer } from '@nem/metrics/frames';

const DATASETS = { 'static-shapes': staticShapes, 'flying-shapes': flyingShapes };

/** Inputs that are scored: fewer sequences, each of which takes as long as twenty images or more. */
export const scoredInputs = ({ type }) => (type === 'static-shapes' ? 1000 : 100);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** AMI (max) and ARI of `model` with the noise that it was trained with (`noisy`), or without noise; seed 0. */
export async function score(model, dataset, seed, noisy) {
  const { type, training: _, validation: _v, test: _t, ...options } = dataset;
  const data = DATASETS[type]({ ...options, seed });
  const inputs = scoredInputs(dataset);
  const samples = drawSamples(data, 'test', [...Array(inputs).keys()]);
  const frames = samples.features;
  const pixels = data.height * data.width;
  const groups = data.frames > 1 ? samples.groups.subarray(inputs * pixels) : samples.groups;
  const scorer = new FrameScorer({ frames: groups.length / pixels, pixels, ignoreLabel: 0, averageMethod: 'max' });
  const { gamma, shape } = await model.group(frames, { batch: inputs, noise: noisy });
  const { adjustedMutualInfo, adjustedRand } = scorer.scoreGamma(groups, gamma, shape.components);
  const scored = (values) => mean([...values].filter((value) => !Number.isNaN(value)));
  return { adjustedMutualInfo: scored(adjustedMutualInfo), adjustedRand: scored(adjustedRand) };
}
