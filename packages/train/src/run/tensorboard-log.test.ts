import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { svgToPng } from '../system/svg-to-png.js';
import { syntheticEpochs } from './synthetic-epochs.fixture.js';
import { TensorBoardLog } from './tensorboard-log.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-tensorboard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = process.env.PYTHON ?? 'python3';
const hasTensorBoard = spawnSync(python, ['-c', 'import tensorboard']).status === 0;

const epochs = syntheticEpochs(4);

const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
log = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'images': 0})
log.Reload()
tags = log.Tags()
print(json.dumps({
  'scalars': {tag: [[e.step, e.value] for e in log.Scalars(tag)] for tag in tags['scalars']},
  'images': {tag: [[e.step, e.width, e.height, len(e.encoded_image_string)] for e in log.Images(tag)] for tag in tags['images']},
}))`;

describe('TensorBoardLog', () => {
  it('opens no file before its first event, and one for each log', () => {
    const place = join(folder, 'files');
    const logs = [new TensorBoardLog(place), new TensorBoardLog(place)];
    expect(() => readdirSync(place)).toThrow();
    for (const log of logs) log.write(1, { 'loss/training': 1 });
    expect(readdirSync(place).filter((name) => /^events\.out\.tfevents\.\d{10}\./.test(name))).toHaveLength(2);
  });

  it('of the same evaluation takes the place of the one before, and of no other', () => {
    const place = join(folder, 'evaluations');
    const ofs = ['test-10', 'test-10', 'test-components-5-10', 'test-20', undefined, 'test-10'];
    for (const of of ofs) new TensorBoardLog(place, { of }).write(1, { 'loss/test set': 1 });
    const ends = readdirSync(place).map((name) => /(?:\.of-(.*))?$/.exec(name)?.[1]);
    expect(ends.sort()).toEqual(['test-10', 'test-20', 'test-components-5-10', undefined]);
  });

  it.skipIf(!hasTensorBoard)('has one point a step of a run that was killed and goes on (needs tensorboard)', () => {
    const place = join(folder, 'killed');
    const train = (from: number, to: number, now: number) => {
      const log = new TensorBoardLog(place, { now: () => now, startsAt: from + 1 });
      for (let update = from + 1; update <= to; update++) log.write(update, { 'loss/updates': now + update });
    };
    train(0, 9, 1_000_000);
    // From a checkpoint of update 5.
    train(5, 12, 2_000_000);
    const read = JSON.parse(execFileSync(python, ['-c', READER, place], { encoding: 'utf8', stdio: 'pipe' }));
    const steps = (read.scalars['loss/updates'] as [number, number][]).map(([step]) => step);
    expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('names a folder that cannot be written to', () => {
    const log = new TensorBoardLog('/dev/null/run');
    expect(() => log.write(1, {})).toThrow(RunError);
  });

  it.skipIf(!hasTensorBoard)('is read by TensorBoard (needs PYTHON with tensorboard)', async () => {
    const place = join(folder, 'run');
    const [first, ...rest] = epochs;
    new TensorBoardLog(place, { now: () => 1_000_000 }).epoch(first!);
    // The run goes on in another process, which opens another file.
    const log = new TensorBoardLog(place, { now: () => 2_000_000 });
    for (let update = 783; update <= 805; update++) log.update(update, update % 2);
    for (const record of rest) log.epoch({ ...record, training: { loss: Number.NaN } });
    const png = await svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="12" height="8"/>');
    log.picture(rest.at(-1)!.update, 'overview', png);
    log.test(rest.at(-1)!.update, {
      name: 'test set',
      inputs: 1,
      adjustedMutualInfo: { max: 0.5, arithmetic: 0.6 },
      adjustedRand: 0.25,
      confidence: Number.NaN,
      loss: 3,
    });
    const read = JSON.parse(execFileSync(python, ['-c', READER, place], { encoding: 'utf8', stdio: 'pipe' }));
    const single = (value: number) => Math.fround(value);
    expect(read.scalars['loss/updates']).toEqual([
      [792, 0.5],
      [802, 0.5],
    ]);
    expect(read.scalars['loss/training']).toEqual([[782, single(first!.training.loss)]]);
    expect(read.scalars['AMI (max)/validation']).toEqual(
      epochs.map(({ update, validation }) => [update, single(validation.adjustedMutualInfo)]),
    );
    expect(read.scalars['ARI/test set']).toEqual([[3128, 0.25]]);
    expect(read.scalars['confidence/test set']).toBeUndefined();
    expect(read.images.overview).toEqual([[3128, 24, 16, png.length]]);
  });
});
