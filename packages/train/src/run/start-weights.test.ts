import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '@nem/core';
import { weightsUrl } from '@nem/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExperiment, withSettings } from '../experiments/index.js';
import { exportWeights } from '../export/export-weights.js';
import type { Job } from './job.js';
import { resumeRun, startRun } from './open-run.js';
import { RunFolder } from './run-folder.js';
import { digestOf } from './start-weights.js';
import { trainJob } from './train-job.js';

const root = mkdtempSync(join(tmpdir(), 'nem-from-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);

const tiny = withSettings(findExperiment('static-shapes'), [
  ...['dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'batchSize=2', 'steps=2', 'epochs=1'],
  'network.recurrent.size=4',
]);
const ignore = () => undefined;
const view = () => ({ step() {}, epoch() {}, cutEpoch() {}, end() {} });
const follower = { tell: ignore, stop: async () => false, view };
const start = (name: string, more: object = {}) =>
  startRun({ experiment: tiny, engine: 'cpu', seed: 1, path: at(name), ...more }, {}, ignore);

async function close({ engine, lock }: Job): Promise<NamedArrays> {
  const parameters = await engine.parameters();
  engine.dispose();
  lock.release();
  return { ...parameters };
}

/** A run of the same network with weights of its own. */
let trained: NamedArrays;
beforeAll(async () => {
  trained = await makeTrained('trained');
});

/** A run that has the weights of its start as its best ones; gives them. */
async function makeTrained(name: string): Promise<NamedArrays> {
  const job = await start(name, { seed: 7 });
  job.folder.writeBest(await job.engine.parameters(), job.config);
  return close(job);
}

const weightsOf = (file: string) => ({ ...decodeSafetensors(new Uint8Array(readFileSync(file))).arrays });

describe('a run from weights', () => {
  it('starts from those of a run, with a new optimizer, and says so in its configuration', async () => {
    const job = await start('fine', { from: at('trained') });
    expect((await job.engine.optimizerState()).updates).toBe(0);
    expect(await close(job)).toEqual(trained);
    const origin = { source: at('trained'), sha256: digestOf(trained) };
    expect(new RunFolder(at('fine')).readConfig().from).toMatchObject(origin);
    expect(origin.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Without them a run of the same seed starts elsewhere.
    expect(await close(await start('plain'))).not.toEqual(trained);
  });

  it('starts from them again where it is gone on with before its first checkpoint, though they are gone', async () => {
    await makeTrained('source');
    await close(await start('again', { from: at('source') }));
    rmSync(at('source'), { recursive: true });
    expect(await close(await resumeRun({ path: at('again') }, {}, ignore))).toEqual(trained);
    rmSync(at('again/checkpoints/start.safetensors'));
    await expect(resumeRun({ path: at('again') }, {}, ignore)).rejects.toThrow(/start.safetensors .*start again with/);
  });

  it('may replace the very run that it starts from', async () => {
    await makeTrained('same');
    expect(await close(await start('same', { from: at('same') }))).toEqual(trained);
    expect(new RunFolder(at('same/replaced/1')).readBest()).toEqual(trained);
  });

  it('in stages begins its first stage with them', async () => {
    const experiment = withSettings(tiny, ['stages=[{},{"batchSize":1}]']);
    const learningRate = 1e-30;
    const job = await start('staged', { from: at('trained'), experiment: { ...experiment, learningRate } });
    await trainJob(job, follower);
    job.lock.release();
    // A rate of next to nothing leaves them nearly as they were.
    const after = new RunFolder(at('staged')).readBest();
    for (const [name, { values }] of Object.entries(trained)) {
      expect(Math.max(...values.map((value, i) => Math.abs(value - after[name]!.values[i]!)))).toBeLessThan(1e-20);
    }
    const origins = ['staged', 'staged/stages/1', 'staged/stages/2'].map(
      (name) => new RunFolder(at(name)).readConfig().from,
    );
    expect(origins.map((origin) => origin?.source)).toEqual([at('trained'), at('trained'), undefined]);
  });

  it('starts from a file: an exported one, in half precision too, or one of another program', async () => {
    const folder = new RunFolder(at('trained'));
    const [single, half] = [at('single.safetensors'), at('out/half.safetensors')];
    const sizes = [exportWeights(folder, single), exportWeights(folder, half, { half: true })];
    const numbers = Object.values(trained).reduce((sum, { values }) => sum + values.length, 0);
    // But for the spaces that fill up a header.
    expect(Math.abs(sizes[0]! - sizes[1]! - 2 * numbers)).toBeLessThanOrEqual(8);
    expect(weightsOf(single)).toEqual(trained);
    expect(await close(await start('from-half', { from: half }))).toEqual(weightsOf(half));
    const rounded = weightsOf(half)['recurrent.weights']!.values;
    const exact = trained['recurrent.weights']!.values;
    expect(rounded).not.toEqual(exact);
    expect(Math.max(...rounded.map((value, i) => Math.abs(value / exact[i]! - 1)))).toBeLessThan(2 ** -10);
    writeFileSync(at('plain.safetensors'), encodeSafetensors(trained, { format: 'pt' }));
    expect(await close(await start('from-plain', { from: at('plain.safetensors') }))).toEqual(trained);
  });

  it('starts from a checkpoint: from the weights at which training stood, which need not be the best ones', async () => {
    const job = await start('checkpointed', { experiment: withSettings(tiny, ['epochs=2']) });
    await trainJob(job, follower);
    job.lock.release();
    const { checkpoint } = new RunFolder(at('checkpointed')).readCheckpoint(job.config)!;
    const file = at('checkpointed/checkpoints/last.safetensors');
    const next = await start('from-checkpoint', { from: file });
    expect((await next.engine.optimizerState()).updates).toBe(0);
    expect(next.config.from).toMatchObject({
      source: file,
      trained: { seed: 1, updates: 4, experiment: { epochs: 2 } },
    });
    expect(await close(next)).toEqual({ ...checkpoint.parameters });
    const damaged = readFileSync(file);
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(at('damaged-checkpoint.safetensors'), damaged);
    await expect(start('refused', { from: at('damaged-checkpoint.safetensors') })).rejects.toThrow(
      'cannot be started from (its checksum does not match its content)',
    );
  });

  it('starts from a model of @nem/models, by its name', async () => {
    const model = weightsOf(fileURLToPath(weightsUrl('static-shapes-nem')!));
    const job = await start('from-model', {
      from: 'static-shapes-nem',
      experiment: findExperiment('static-shapes-nem'),
    });
    expect(job.config.from).toMatchObject({ source: 'static-shapes-nem', sha256: digestOf(model) });
    expect(job.config.from?.trained).toMatchObject({ seed: 0, experiment: { name: 'static-shapes-nem' } });
    expect(await close(job)).toEqual(model);
  });

  it('is refused with one sentence where the weights are none, damaged, or of another network', async () => {
    writeFileSync(at('text'), 'weights');
    writeFileSync(
      at('other.safetensors'),
      encodeSafetensors({ ...trained, more: { shape: [0], values: new Float32Array(0) } }),
    );
    const damaged = readFileSync(at('single.safetensors'));
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(at('damaged.safetensors'), damaged);
    const larger = withSettings(tiny, ['network.recurrent.size=5']);
    for (const [more, message] of [
      [
        { from: at('nowhere') },
        `there is no ${at('nowhere')} to start from: give a run, a file of weights, or a model: static-shapes`,
      ],
      [{ from: root }, `${root} has no run to start from: `],
      [{ from: at('plain') }, 'no epoch of the run'],
      [{ from: at('text') }, `${at('text')} cannot be started from (The safetensors file `],
      [
        { from: '/dev/null' },
        'cannot read /dev/null (it is a folder, a pipe or a device): give another run or file of weights.',
      ],
      [{ from: at('damaged.safetensors') }, '(its checksum does not match its content)'],
      [{ from: at('other.safetensors') }, 'do not fit static-shapes: the network has no parameter more: use weights'],
      [
        { from: at('trained'), experiment: larger },
        `the weights of ${at('trained')} do not fit static-shapes: the parameter recurrent.weights is [788, 4] where the network has [789, 5]: `,
      ],
    ] as const) {
      const failure = await start('refused', more).catch((error: Error) => error);
      expect((failure as Error).message).toContain(message);
      expect((failure as Error).message).toMatch(/^[^\n]+\.$/);
    }
  });
});

it('weights are never exported onto their own run', () => {
  const folder = new RunFolder(at('trained'));
  expect(() => exportWeights(folder, at('trained/checkpoints/best.safetensors'))).toThrow('is a part of the run in');
});
