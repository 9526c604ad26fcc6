import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { findExperiment } from '../experiments/index.js';
import { encodeCheckpoint } from './checkpoint.js';
import { RunFolder } from './run-folder.js';

const path = mkdtempSync(join(tmpdir(), 'nem-folder-'));
afterAll(() => rmSync(path, { recursive: true }));
const folder = new RunFolder(path);
const config = { experiment: findExperiment('static-shapes'), engine: 'cpu', seed: 3 };

describe('RunFolder.readConfig', () => {
  it('reads what create has written', () => {
    folder.create(config);
    expect(folder.readConfig()).toEqual(config);
  });

  it('refuses a file too large to be one before reading it', () => {
    writeFileSync(join(path, 'config.json'), ' '.repeat(2 ** 18 + 1));
    expect(() => folder.readConfig()).toThrow('more than 262144');
  });

  it.each([
    ['many values', `[${'[],'.repeat(5000)}[]]`, 'more than 4096 values'],
    [
      'a field of a long name',
      JSON.stringify({ ...config, experiment: { ...config.experiment, ['x'.repeat(9999)]: 1 } }),
      '…',
    ],
    ['another type', '{"experiment": 1, "engine": "cpu", "seed": 0}', 'experiment'],
  ])('refuses %s in one short sentence', (_, content, named) => {
    writeFileSync(join(path, 'config.json'), content);
    expect(() => folder.readConfig()).toThrow(RunError);
    expect(() => folder.readConfig()).toThrow(named);
    expect(() => folder.readConfig()).toThrow(/^.{1,600}$/);
  });

  it.each<[object, string]>([
    [{ seed: -1 }, 'seed is -1: give a number of at least 0.'],
    [{ seed: 'one' }, 'seed is "one": give an integer.'],
    [{ workers: 0 }, 'workers is 0: give a number of at least 1.'],
    [{ engine: undefined }, 'engine is missing: give a text.'],
    [{ experiment: { ...config.experiment, steps: 0 } }, 'steps is 0: give a number of at least 1.'],
  ])('says of %j the field, its value and what it may be', (fields, sentence) => {
    writeFileSync(join(path, 'config.json'), JSON.stringify({ ...config, ...fields }));
    expect(() => folder.readConfig()).toThrow(RunError);
    expect(() => folder.readConfig()).toThrow(`in ${join(path, 'config.json')}, ${sentence}`);
  });

  it('takes an engine native of an older version for tensorflow, and says so; its checkpoint is of the same run', () => {
    const older = { ...config, engine: 'native' };
    writeFileSync(join(path, 'config.json'), JSON.stringify(older));
    const said: string[] = [];
    const read = folder.readConfig((sentence) => said.push(sentence));
    expect(read.engine).toBe('tensorflow');
    expect(said).toEqual([expect.stringMatching(/config\.json: its engine .* is called tensorflow now\.$/)]);
    const state = { epoch: 1, step: 0, update: 0, lossSum: 0, best: { loss: 1, epoch: 0 } };
    const none = { updates: 0, m: {}, v: {} };
    const bytes = encodeCheckpoint({
      state,
      parameters: {},
      optimizer: none,
      metrics: '',
      config: JSON.stringify(older),
    });
    folder.write('checkpoints/last.safetensors', bytes);
    expect(folder.readCheckpoint(read)?.checkpoint.state).toEqual(state);
  });
});
