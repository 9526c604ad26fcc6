import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initializeParameters, networkShape, readModelMetadata } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { findExperiment, withSettings } from '../experiments/index.js';
import { openSafetensors, sealSafetensors } from '../run/checkpoint.js';
import { RunFolder } from '../run/run-folder.js';
import { exportFiles, exportWeights } from './export-weights.js';

const root = mkdtempSync(join(tmpdir(), 'nem-weights-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);

const experiment = withSettings(findExperiment('static-shapes'), ['network.recurrent.size=4', 'components=3']);
const { parameters: specs } = networkShape(experiment.network, 28 * 28);
const parameters = initializeParameters(specs, deriveKey(0, 'parameters'));
const run = new RunFolder(at('run'));

beforeAll(() => {
  const config = { experiment, engine: 'cpu', seed: 5 };
  run.create(config);
  run.writeBest(parameters, config);
});

describe('exportWeights', () => {
  it('writes a step as ONNX, with the metadata of the weights', () => {
    const bytes = exportWeights(run, at('out/step.onnx'), { format: 'onnx' });
    const file = readFileSync(at('out/step.onnx'));
    expect(file.length).toBe(bytes);
    // ir_version 8, then the producer.
    expect([...file.subarray(0, 7)]).toEqual([8, 8, 18, 3, ...Buffer.from('nem')]);
    const { model, training } = openSafetensors(readFileSync(at('run/checkpoints/best.safetensors'))).metadata;
    for (const text of [model!, training!]) expect(file.includes(text)).toBe(true);
  });

  it('describes the network of a run of an older version, whose file of weights does not', () => {
    const old = new RunFolder(at('old'));
    old.create({ experiment, engine: 'cpu', seed: 5 });
    old.write('checkpoints/best.safetensors', sealSafetensors(parameters));
    exportWeights(old, at('old.safetensors'));
    const { metadata } = openSafetensors(readFileSync(at('old.safetensors')));
    expect(readModelMetadata(metadata)?.model).toMatchObject({
      image: [28, 28],
      components: 3,
      steps: 15,
      still: true,
    });
    expect(exportWeights(old, at('old.onnx'), { format: 'onnx' })).toBeGreaterThan(4 * 2 * 784 * 4);
  });

  it('replaces nothing of the run, and refuses half precision of a format without it', () => {
    expect(() => exportWeights(run, at('run/config.json'), { format: 'onnx' })).toThrow('is a part of the run in');
    writeFileSync(at('kept.onnx'), 'kept');
    const half = () => exportWeights(run, at('kept.onnx'), { format: 'onnx', half: true });
    expect(half).toThrow(UsageError);
    expect(half).toThrow('only safetensors files can be in half precision: leave out the option half.');
    expect(readFileSync(at('kept.onnx'), 'utf8')).toBe('kept');
  });

  it.each(['pt', 'toString'])('refuses the format %s, with those that there are', (format) => {
    const refused = () => exportWeights(run, at('x.pt'), { format } as object);
    expect(refused).toThrow(new UsageError(`the format is "${format}"`, 'give safetensors or onnx.'));
  });
});

describe('exportFiles', () => {
  it('writes all files, or none where one of them cannot be had', () => {
    const [weights, step] = [at('both.safetensors'), at('both.onnx')];
    const both = [
      ['safetensors', weights],
      ['onnx', step],
    ] as const;
    expect(() => exportFiles(run, both, true)).toThrow('only safetensors files can be in half precision: ');
    const twice = [...both.slice(0, 1), ['onnx', join(root, 'out/..', 'both.safetensors')]] as const;
    expect(() => exportFiles(run, twice as typeof both, false)).toThrow(
      /is named for two formats: give each a file of/,
    );
    expect(existsSync(weights)).toBe(false);
    expect(exportFiles(run, both, false)).toEqual([weights, step].map((file) => readFileSync(file).length));
  });
});
