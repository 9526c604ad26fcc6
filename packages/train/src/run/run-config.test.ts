import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { findExperiment } from '../experiments/index.js';
import { configFrom, isSameConfig, isSameExperiment, type RunConfig, readConfigText } from './run-config.js';

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

describe('a damaged configuration', () => {
  const text = JSON.stringify(config);
  const piece = fc.oneof(
    fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '-1', '0', '1e999', 'null', '"__proto__"', '../..'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );

  it('is read or refused with an error that names its file, 10,000 times', () => {
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 20 }), piece, (at, cut, added) => {
        try {
          configFrom('run/config.json', () => text.slice(0, at) + added + text.slice(at + cut));
          counts.read++;
        } catch (error) {
          expect(error).toBeInstanceOf(RunError);
          expect((error as RunError).message).toContain('run/config.json');
          counts.refused++;
        }
      }),
      { seed: 20170803, numRuns: 10_000 },
    );
    expect(counts.read + counts.refused).toBe(10_000);
    expect(counts.refused).toBeGreaterThan(5000);
    expect(counts.read).toBeGreaterThan(50);
  });
});
