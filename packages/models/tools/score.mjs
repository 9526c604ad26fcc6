// Scores of a network on the first test inputs of its dataset, as its card states them and a test repeats.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DATASETS, drawSamples } from '@nem/datasets';
import { loadDigits } from '@nem/datasets/mnist';
import { FrameScorer } from '@nem/metrics/frames';

/** Those of @nem/digits: the same on every machine, whatever its cache holds. */
const embeddedDigits = () =>
  loadDigits({ folder: join(dirname(createRequire(import.meta.url).resolve('@nem/digits/package.json')), 'data') });

/** The dataset of a configuration of @nem/train, with all the splits' samples. */
async function datasetOf({ type, training: _, validation: _v, test: _t, digits: _d, variations, ...options }, seed) {
  if (!Object.hasOwn(DATASETS, type)) {
    throw new Error(`data of type '${type}' cannot be drawn: take a run on one of ${Object.keys(DATASETS).join(', ')}`);
  }
  const { create, draws } = DATASETS[type];
  if (draws !== 'digits') return create({ ...options, seed });
  const digits = await embeddedDigits();
  return create({ ...options, seed, digits, variations: variations === 'all' ? undefined : variations });
}

/** Inputs that are scored: fewer sequences, each of which takes as long as twenty images or more. */
export const scoredInputs = ({ type }) => (type === 'static-shapes' ? 1000 : 100);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** AMI (max) and ARI of `model` with the noise that it was trained with (`noisy`), or without noise; seed 0. */
export async function score(model, dataset, seed, noisy) {
  const data = await datasetOf(dataset, seed);
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
