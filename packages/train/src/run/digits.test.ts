import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveKey, fillIntegers } from '@nem/random';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findExperiment, withRecipe, withSettings } from '../experiments/index.js';
import { evaluateRun } from '../fit/index.js';
import { resumeRun, startRun } from './open-run.js';
import { trainJob } from './train-job.js';

const root = mkdtempSync(join(tmpdir(), 'nem-digits-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
const ignore = () => undefined;

/** A folder with an IDX set of random images. */
function digits(name: string, seed: number): string {
  mkdirSync(at(name));
  const write = (file: string, ...shape: number[]) => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header.set([0, 0, 8, shape.length]);
    shape.forEach((size, axis) => {
      header.writeUInt32BE(size, 4 + 4 * axis);
    });
    const values = new Uint8Array(shape.reduce((product, size) => product * size, 1));
    writeFileSync(join(at(name), file), Buffer.concat([header, fillIntegers(deriveKey(seed, file), values, 10)]));
  };
  for (const [part, count] of [
    ['train', 12],
    ['t10k', 6],
  ] as const) {
    write(`${part}-images-idx3-ubyte`, count, 28, 28);
    write(`${part}-labels-idx1-ubyte`, count);
  }
  return at(name);
}

const ours = digits('ours', 1);
const same = digits('same', 1);
const others = digits('others', 2);

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(ignore);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const still = withSettings(findExperiment('static-mnist'), [
  ...['dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'validationInputs=2', 'batchSize=2'],
  ...['steps=2', 'epochs=1', 'network.recurrent.size=4'],
]);
const start = (path: string, experiment = still) =>
  startRun({ experiment, engine: 'wasm', workers: 1, path }, {}, ignore);
const view = () => ({ step() {}, epoch() {}, cutEpoch() {}, end() {} });

it('a run records its digits, goes on with the same ones elsewhere, and refuses others', async () => {
  vi.stubEnv('NEM_MNIST', ours);
  const job = await start(at('run'));
  expect(job.config.digits).toMatch(/^[0-9a-f]{16}$/);
  await trainJob(job, { tell: ignore, stop: async () => false, view });
  job.lock.release();

  vi.stubEnv('NEM_MNIST', same);
  const again = await resumeRun({ path: at('run') }, {}, ignore);
  again.engine.dispose();
  again.lock.release();
  expect(again.config.digits).toBe(job.config.digits);

  vi.stubEnv('NEM_MNIST', others);
  await expect(resumeRun({ path: at('run') }, {}, ignore)).rejects.toThrow(
    'the digits here are others than those that the run was trained on: name the folder of its digits',
  );

  const evaluation = { progress: false } as const;
  const elsewhere = await evaluateRun(at('run'), evaluation);
  expect(elsewhere.digits).toMatch(/^[0-9a-f]{16}$/);
  expect(elsewhere.digits).not.toBe(job.config.digits);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('these digits are others than those'));

  vi.mocked(console.error).mockClear();
  vi.stubEnv('NEM_MNIST', same);
  expect((await evaluateRun(at('run'), evaluation)).digits).toBe(job.config.digits);
  expect(console.error).not.toHaveBeenCalledWith(expect.stringContaining('these digits are others'));
  expect(JSON.parse(readFileSync(at('run/report/test.json'), 'utf8')).digits).toBe(job.config.digits);
});

it('stages that draw digits record them, and other data have none', async () => {
  vi.stubEnv('NEM_MNIST', ours);
  const stages = await start(at('stages'), withRecipe(findExperiment('flying-mnist'), 'fast'));
  const shapes = await start(at('shapes'), findExperiment('static-shapes'));
  for (const { engine, lock } of [stages, shapes]) {
    engine.dispose();
    lock.release();
  }
  expect(stages.config.digits).toMatch(/^[0-9a-f]{16}$/);
  expect(shapes.config.digits).toBeUndefined();
});
