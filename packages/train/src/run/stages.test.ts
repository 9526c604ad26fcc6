import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findExperiment, withSettings } from '../experiments/index.js';
import type { EpochRecord } from './epoch-record.js';
import type { Follower, Job } from './job.js';
import { resumeRun, startRun } from './open-run.js';
import { RunFolder } from './run-folder.js';
import { epochsOf } from './stages.js';
import { trainJob } from './train-job.js';

const root = mkdtempSync(join(tmpdir(), 'nem-stages-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (...names: string[]) => join(root, ...names);

const staged = withSettings(findExperiment('static-shapes'), [
  ...['dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'batchSize=2', 'steps=2'],
  ...['network.recurrent.size=4', 'stages=[{"epochs":1},{"epochs":2}]'],
]);

/** Keeps what it is told; `stopAt` of the epochs shown it stops training. */
function listener(stopAt = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  const shown: EpochRecord[] = [];
  const epoch = (record: EpochRecord) => void shown.push(record);
  const follower: Follower = {
    tell: (sentence) => void said.push(sentence),
    stop: async () => shown.length >= stopAt,
    view: () => ({ step() {}, epoch, cutEpoch: epoch, end() {} }),
  };
  return { said, shown, follower };
}

async function trained(job: Job, follower: Follower): Promise<void> {
  await trainJob(job, follower);
  job.lock.release();
}
const start = async (name: string, follower: Follower) =>
  trained(await startRun({ experiment: staged, engine: 'cpu', seed: 1, path: at(name) }, {}, follower.tell), follower);
const resume = async (name: string, follower: Follower, engine?: string) =>
  trained(await resumeRun({ path: at(name), engine, workers: engine && 1 } as never, {}, follower.tell), follower);

const best = (...of: string[]) => readFileSync(at(...of, 'checkpoints/best.safetensors'));

describe('a run in stages', () => {
  it.each([
    ['its own', { learningRate: { peak: 1e38 } }, 'stages.1.learningRate.peak=3e+37;'],
    ["the whole run's", {}, 'learningRate=3e+37;'],
  ])('that is no longer finite in a stage with %s rate names the setting that lowers it', async (_, own, lower) => {
    const rates = {
      learningRate: 1e38,
      stages: [
        { learningRate: 0.001, epochs: 1 },
        { ...own, epochs: 9 },
      ],
    };
    const experiment = { ...staged, ...rates };
    const job = await startRun({ experiment, engine: 'cpu', path: at(lower) }, {}, () => {});
    await expect(trainJob(job, listener().follower)).rejects.toThrow(`with a lower learning rate, e.g. ${lower}`);
    job.lock.release();
  });

  it('shows the stage of each epoch, and goes on from the best weights of one where a kill came before they were written', async () => {
    const { shown, follower } = listener();
    await start('whole', follower);
    expect(shown.map(({ stage, epoch, update }) => [stage, epoch, update])).toEqual([
      [1, 1, 2],
      [2, 1, 2],
      [2, 2, 4],
    ]);
    const [ofFirst, ofRun] = [best('whole/stages/1'), best('whole')];
    rmSync(at('whole/stages/2'), { recursive: true });
    rmSync(at('whole/stages/1/checkpoints/best.safetensors'));
    const again = listener();
    await resume('whole', again.follower);
    expect(again.shown.map(({ stage }) => stage)).toEqual([2, 2]);
    expect(best('whole/stages/1').equals(ofFirst)).toBe(true);
    expect(best('whole').equals(ofRun)).toBe(true);
  });

  it('tells of a damaged checkpoint of a stage, and goes on from the one before it', async () => {
    await start('damaged', listener().follower);
    const file = at('damaged/stages/2/checkpoints/last.safetensors');
    const [bytes, ofRun] = [readFileSync(file), best('damaged')];
    writeFileSync(file, bytes.subarray(1));
    const { said, shown, follower } = listener();
    await resume('damaged', follower);
    expect(said).toContainEqual(expect.stringContaining(`${file} is damaged (`));
    expect(shown.map(({ stage, epoch }) => [stage, epoch])).toEqual([[2, 2]]);
    expect(best('damaged').equals(ofRun)).toBe(true);
  });

  it('that was stopped has the epochs of the stages so far', async () => {
    await start('stopped', listener(2).follower);
    const epochs = epochsOf(new RunFolder(at('stopped')), staged);
    expect(epochs.map(({ stage, epoch, update }) => [stage, epoch, update])).toEqual([
      [1, 1, 2],
      [2, 2, 4],
    ]);
  });

  it.each([
    ['in stages', staged],
    ['without stages', { ...staged, epochs: 1, stages: undefined }],
  ])('%s, once finished, has nothing changed by going on with another engine', async (name, experiment) => {
    const { follower } = listener();
    await trained(await startRun({ experiment, engine: 'cpu', path: at(name) }, {}, follower.tell), follower);
    const contents = () =>
      ['config.json', 'checkpoints/best.safetensors', ...(experiment.stages ? [] : ['machines.jsonl'])].map((file) =>
        readFileSync(at(name, file), 'latin1'),
      );
    const before = contents();
    const { said, shown, follower: second } = listener();
    await resume(name, second, 'wasm');
    expect(shown).toEqual([]);
    expect(said.join()).not.toContain('so far was');
    expect(contents()).toEqual(before);
  });
});
