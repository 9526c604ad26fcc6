import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { WorkerThread } from '../engines/threads/worker-thread.js';
import { findExperiment, withSettings } from '../experiments/index.js';
import type { Follower } from './job.js';
import { resumeRun, startRun } from './open-run.js';
import { trainJob } from './train-job.js';

const root = mkdtempSync(join(tmpdir(), 'nem-open-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
const ignore = () => undefined;

const tiny = withSettings(findExperiment('static-shapes'), [
  ...['dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'batchSize=2', 'steps=2', 'epochs=1'],
  'network.recurrent.size=4',
]);
const start = (name: string, more: object = {}) =>
  startRun({ experiment: tiny, engine: 'cpu', path: at(name), ...more }, {}, ignore);
const fails = async () => {
  throw new Error('enough');
};

describe('an engine is disposed of', () => {
  it('where a run cannot be started or go on', async () => {
    const terminate = vi.spyOn(WorkerThread.prototype, 'terminate');
    const threads = { engine: 'wasm', workers: 2 };
    const job = await start('busy', threads);
    const parameters = await job.engine.parameters();
    job.engine.dispose();
    const ofOne = terminate.mock.calls.length;
    expect(ofOne).toBeGreaterThan(0);
    job.folder.writeBest(parameters, job.config);
    await expect(start('busy', threads)).rejects.toThrow('is in use by process');
    job.lock.release();
    const more = { ...threads, experiment: withSettings(tiny, ['network.recurrent.size=5']) };
    await expect(start('other', { ...more, from: at('busy') })).rejects.toThrow('do not fit');
    await expect(start('busy', { ...threads, pause: fails })).rejects.toThrow('enough');
    expect(terminate).toHaveBeenCalledTimes(4 * ofOne);
    job.folder.changeConfig({ ...job.config, from: { source: 'lost', sha256: '0'.repeat(64) } });
    await expect(resumeRun({ path: at('busy') }, {}, ignore)).rejects.toThrow('start.safetensors');
    expect(terminate).toHaveBeenCalledTimes(5 * ofOne);
  });

  it('where training fails', async () => {
    const job = await start('failing');
    const dispose = vi.fn(() => job.engine.dispose());
    const view = () => ({ step() {}, epoch() {}, cutEpoch() {}, end() {} });
    const follower: Follower = { tell: ignore, stop: fails, view };
    const engine = Object.assign(Object.create(job.engine), { dispose });
    await expect(trainJob({ ...job, engine }, follower)).rejects.toThrow('enough');
    job.lock.release();
    expect(dispose).toHaveBeenCalledOnce();
  });
});
