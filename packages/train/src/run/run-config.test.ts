import { describe, expect, it } from 'vitest';
import { findExperiment } from '../experiments/index.js';
import { isSameConfig, isSameExperiment, type RunConfig, readConfigText } from './run-config.js';

const experiment = findExperiment('static-shapes');
const config: RunConfig = { experiment, engine: 'native', kernels: 'avx2', workers: 2, seed: 3 };
const inFile = (file: string): RunConfig => ({
  ...config,
  experiment: { ...experiment, dataset: { type: 'hdf5', file, height: 28, width: 28 } },
});

describe('two configurations', () => {
  it('are the same whatever the order of their keys', () => {
    const reversed = Object.fromEntries(Object.entries(config).reverse()) as unknown as RunConfig;
    expect(isSameConfig(config, reversed)).toBe(true);
  });

  it.each<[string, Partial<RunConfig>]>([
    ['other kernels', { kernels: 'avx512' }],
    ['another number of workers', { workers: 1 }],
    ['another engine', { engine: 'webgpu', workers: undefined, kernels: undefined }],
  ])('are the same with %s', (_, change) => {
    expect(isSameConfig(config, { ...config, ...change })).toBe(true);
  });

  it('are the same with their data in another place', () => {
    expect(isSameConfig(inFile('/here/a.h5'), inFile('/there/b.h5'))).toBe(true);
    expect(isSameExperiment(inFile('/here/a.h5').experiment, inFile('/there/b.h5').experiment)).toBe(true);
  });

  it.each<[string, Partial<RunConfig>]>([
    ['another seed', { seed: 4 }],
    ['another precision', { precision: 'bfloat16' }],
    ['another learning rate', { experiment: { ...experiment, learningRate: 0.5 } }],
  ])('differ by %s', (_, change) => {
    expect(isSameConfig(config, { ...config, ...change })).toBe(false);
  });
});

it('a configuration is read from its text as it was, and one of too many values is refused', () => {
  expect(readConfigText(JSON.stringify(config))).toEqual(config);
  expect(() => readConfigText(`[${'1,'.repeat(5000)}1]`)).toThrow('more than 4096 values');
});
