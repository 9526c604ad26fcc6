import { NetworkError, networkShape } from '@nem/core';
import { flyingShapes } from '@nem/datasets';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { bars } from '../fit/bars.fixture.js';
import { createDataset } from './dataset.js';
import { defineExperiment, type ExperimentDefinition } from './define.js';
import { fitNetwork } from './fit-network.js';
import { findExperiment } from './list.js';
import { engineSpec } from './schema.js';

describe('defineExperiment', () => {
  it('has a default for everything but the data and K, and the network is as large as the image', () => {
    const { experiment, dataset } = defineExperiment({ dataset: bars(), components: 3 });
    expect(dataset?.name).toBe('bars');
    expect(experiment).toMatchObject({
      ...{ name: 'bars', components: 3, steps: 15, lossSteps: 'last', interWeight: 1, learningRate: 0.001 },
      mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 },
      noise: { type: 'bitFlip', probability: 0.1 },
    });
    const { network, image } = engineSpec(experiment);
    expect(image).toEqual([5, 5]);
    expect(() => networkShape(network, 25)).not.toThrow();
  });

  it('trains sequences on all of their steps, and grey images by a Gaussian', () => {
    const frames = (over: object) =>
      defineExperiment({ dataset: bars({ frames: 4 }), components: 2, ...over }).experiment;
    expect(frames({})).toMatchObject({ steps: 3, lossSteps: 'all', noise: { type: 'bitFlip', probability: 0.2 } });
    expect(frames({ steps: 2, mixture: { distribution: 'gaussian', prior: 0.5 } })).toMatchObject({
      ...{ steps: 2, interWeight: 0.2, mixture: { sigma: 0.25, prior: 0.5 }, noise: { type: 'maskedUniform' } },
      network: { output: [{ activation: 'linear', size: 25 }] },
    });
  });

  it('fills in data that are drawn here, and knows those of a maker again by their options', async () => {
    const { experiment } = defineExperiment({
      dataset: { type: 'flying-shapes', height: 20 },
      components: 3,
      steps: 4,
    });
    expect(experiment.dataset).toMatchObject({ height: 20, width: 28, frames: 5, objects: 3, training: 50_000 });
    const made = defineExperiment({ dataset: flyingShapes({ height: 20, frames: 4, seed: 9 }), components: 3 });
    expect(made.experiment).toMatchObject({ name: 'flying-shapes', steps: 3, dataset: { type: 'custom' } });
    expect((await createDataset(made.experiment, 0)).options).toEqual({ height: 20, frames: 4, seed: 9 });
  });

  it('takes a schedule of learning rates', () => {
    const learningRate = { peak: 0.002, decay: { until: 100, to: 0.0002 } };
    expect(defineExperiment({ dataset: bars(), components: 2, learningRate }).experiment).toMatchObject({
      learningRate,
    });
  });

  it('has types that refuse it too', () => {
    const dataset = bars();
    // @ts-expect-error K is missing
    expect(() => defineExperiment({ dataset })).toThrow('components is missing: give an integer.');
    // @ts-expect-error a field that there is not
    expect(() => defineExperiment({ dataset, components: 3, stepz: 6 })).toThrow(UsageError);
    // @ts-expect-error a network that there is not
    expect(() => defineExperiment({ dataset, components: 3, network: { type: 'cnn' } })).toThrow(UsageError);
  });

  it('refuses what there cannot be, with the field', () => {
    const define = (over: object) => () =>
      defineExperiment({ dataset: bars(), components: 2, ...over } as ExperimentDefinition);
    expect(define({ components: 0 })).toThrow('components is 0: give a number of at least 1.');
    expect(define({ stepz: 3 })).toThrow('the experiment has the unknown field stepz: remove it.');
    expect(define({ mixture: { distribution: 'poisson' } })).toThrow(UsageError);
    expect(define({ dataset: { type: 'flying-shape' } })).toThrow(
      /^dataset\.type is "flying-shape": give static-shapes or/,
    );
    const kinds = /: give an object whose type is static-shapes or .*\.$/;
    expect(define({ dataset: undefined })).toThrow(/^dataset is missing: /);
    expect(define({ dataset: undefined })).toThrow(kinds);
    expect(define({ dataset: null })).toThrow(/^dataset is null: /);
    expect(define({ dataset: {} })).toThrow(/^dataset\.type is missing: give static-shapes or/);
    expect(() => defineExperiment(undefined as never)).toThrow('the experiment is missing: give at least its dataset');
    for (const [steps, sentence] of [
      [0, 'steps is 0: give a number of at least 1.'],
      ['2', 'steps is "2": give an integer.'],
      [1.5, 'steps is 1.5: give an integer.'],
    ] as const) {
      expect(define({ dataset: { type: 'flying-shapes' }, steps })).toThrow(sentence);
    }
    expect(define({ dataset: { draw() {} } })).toThrow('the data have no name, sizes or draw');
    const output = [{ type: 'dense', size: 24, activation: 'sigmoid' }];
    const network = { type: 'rnn-em', input: [], recurrent: { size: 3, activation: 'sigmoid' }, output };
    expect(define({ network })).toThrow(NetworkError);
    expect(define({ network })).toThrow(/24.* 25/);
    expect(define({ dataset: bars({ sizes: { test: 0 } }) })).toThrow('bars has no test samples');
  });
});

describe('fitNetwork', () => {
  it.each(['static-shapes', 'static-shapes-nem', 'flying-shapes-3'])('gives the network of %s another size', (name) => {
    const { network } = findExperiment(name);
    const fitted = fitNetwork(network, [28, 28], [40, 20]);
    expect(() => networkShape(fitted!, 800)).not.toThrow();
    expect(fitNetwork(fitted!, [40, 20], [28, 28])).toEqual(network);
  });

  it('gives none where a map would be no whole number of pixels', () => {
    const { network } = findExperiment('flying-mnist');
    expect(fitNetwork(network, [24, 24], [32, 32])).toBeDefined();
    expect(fitNetwork(network, [24, 24], [28, 28])).toBeUndefined();
  });
});
