import { readModelMetadata } from '@nem/core';
import { expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { findExperiment, withDataFile } from '../experiments/index.js';
import type { EpochRecord } from './epoch-record.js';
import { describeModel, requireMetadata, weightsMetadata } from './weights-metadata.js';

const validation = { loss: 130, ari: 0.8, ami: 0.75, confidence: 0.9 } as unknown as EpochRecord['validation'];

it('says everything that using the weights takes, and how they were trained', () => {
  const experiment = findExperiment('static-shapes');
  const epoch = { epoch: 6, update: 4686, training: { loss: 131 }, validation };
  const { model, training } = readModelMetadata(weightsMetadata({ experiment, engine: 'wasm', seed: 3 }, epoch))!;
  expect(model).toEqual({
    network: experiment.network,
    mixture: experiment.mixture,
    image: [28, 28],
    components: 4,
    steps: 15,
    still: true,
    noise: { type: 'bitFlip', probability: 0.1 },
  });
  expect(training).toEqual({ engine: 'wasm', seed: 3, epoch: 6, updates: 4686, validation, experiment });
});

it('tells sequences from still images', () => {
  const of = (name: string) =>
    readModelMetadata(weightsMetadata({ experiment: findExperiment(name), engine: 'cpu', seed: 0 }))!;
  expect(of('flying-shapes-3').model.still).toBe(false);
  expect(of('flying-mnist').model).toMatchObject({ still: false, image: [24, 24] });
});

it("tells a file's sequences from its still images by the steps whose loss counts", () => {
  const of = (name: string) => describeModel(withDataFile(findExperiment(name), 'data.h5'));
  expect([of('static-shapes').still, of('flying-shapes-3').still]).toEqual([true, false]);
});

it('refuses a dataset with more options than a file of weights holds', () => {
  const experiment = findExperiment('static-shapes');
  const withFiles = (count: number) => {
    const options = { files: Array.from({ length: count }, (_, i) => `${i}.png`) };
    return { experiment: { ...experiment, dataset: { ...experiment.dataset, options } } };
  };
  expect(() => requireMetadata(withFiles(1000))).not.toThrow();
  expect(() => requireMetadata(withFiles(5000))).toThrow(UsageError);
  expect(() => requireMetadata(withFiles(5000))).toThrow('more than 4096 values');
});
