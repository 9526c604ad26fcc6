import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RunError, UsageError } from '../errors.js';
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

describe('RunFolder.create', () => {
  const ours = 'events.out.tfevents.1700000000.nem.12.0';
  it.each([
    ['config.json', '{"name": "a web page"}'],
    ['timing.jsonl', 'a clock'],
    ['events.out.tfevents.1700000000.host.12.0', 'of PyTorch'],
  ])('does not take away the file %s of another program', (name, content) => {
    const place = join(path, `other-${name}`);
    mkdirSync(place);
    writeFileSync(join(place, name), content);
    const create = () => new RunFolder(place).create(config);
    expect(create).toThrow(UsageError);
    expect(create).toThrow(
      `${join(place, name)} is not of a run, and the new run would replace it: move it elsewhere, or`,
    );
    expect(readdirSync(place)).toEqual([name]);
    expect(readFileSync(join(place, name), 'utf8')).toBe(content);
  });

  it('removes what is left of a run that has trained nothing yet', () => {
    const begun = new RunFolder(join(path, 'begun'));
    begun.create(config);
    for (const name of [ours, 'timing.jsonl']) begun.write(name, 'nothing of worth');
    expect(begun.create(config)).toBeUndefined();
    expect(readdirSync(begun.path)).toEqual(['config.json']);
  });

  it('moves a run aside, with its log for TensorBoard', () => {
    const trained = new RunFolder(join(path, 'trained'));
    trained.create(config);
    for (const name of [ours, 'metrics.jsonl']) trained.write(name, 'of worth');
    const replaced = trained.create(config);
    expect(replaced).toBe(join(trained.path, 'replaced/1'));
    expect(readdirSync(replaced as string).sort()).toEqual(['config.json', ours, 'metrics.jsonl']);
    expect(existsSync(join(trained.path, ours))).toBe(false);
  });
});

describe('RunFolder.readCheckpoint', () => {
  const state = { epoch: 1, step: 0, update: 0, lossSum: 0, best: { loss: 1, epoch: 0 } };
  const optimizer = { updates: 0, m: {}, v: {} };
  const text = JSON.stringify(config);
  const bytes = encodeCheckpoint({ state, parameters: {}, optimizer, metrics: '', config: text });
  const run = new RunFolder(join(path, 'unreadable'));
  const last = join(run.path, 'checkpoints/last.safetensors');

  it('goes on from the checkpoint before one that cannot be read, and says why', () => {
    run.create(config);
    mkdirSync(last, { recursive: true });
    run.write('checkpoints/previous.safetensors', bytes);
    expect(run.readCheckpoint(config)).toMatchObject({
      checkpoint: { state },
      notice: `cannot read ${last} (it is a folder, a pipe or a device): going on from the checkpoint before it.`,
    });
  });

  it('keeps the checkpoint before a damaged one until a newer one is whole', () => {
    const damaged = new RunFolder(join(path, 'damaged'));
    damaged.create(config);
    const write = (update: number) =>
      damaged.writeCheckpoint({ state: { ...state, update }, parameters: {}, optimizer, metrics: '' }, config);
    /** The update of the checkpoint that training goes on from where the last one is damaged. */
    const withoutLast = () => {
      damaged.write('checkpoints/last.safetensors', 'none');
      return damaged.readCheckpoint(config)?.checkpoint.state.update;
    };
    write(1);
    write(2);
    expect(withoutLast()).toBe(1);
    write(3);
    expect(withoutLast()).toBe(1);
    write(4);
    write(5);
    expect(withoutLast()).toBe(4);
  });

  it('refuses one of another configuration, and a run without a whole one, with a single remedy', () => {
    expect(() => run.readCheckpoint({ ...config, seed: 4 })).toThrow('is of another configuration than');
    run.write('checkpoints/previous.safetensors', 'none');
    expect(() => run.readCheckpoint(config)).toThrow(
      /^cannot read .* \(it is a folder, a pipe or a device\) and .* is damaged \(.*\): no checkpoint is whole, start again with [^:]*\.$/,
    );
  });
});
