import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { weightsDigest } from '../evaluation/record.js';
import { RunFolder } from '../run/run-folder.js';
import { ensureEvaluation, ensureRun, experimentOf, type RunOptions } from './runs.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-runs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const training = { id: 'shapes-k5', title: 'shapes', experiment: 'flying-shapes-3', components: 5, memoryMiB: 1024 };
const options: RunOptions = { engine: 'wasm', workers: 1, maxMinutes: 0.5, count: 8, set: ['batchSize=4'], folder };
const path = join(folder, 'shapes-k5-seed-3');
const config = { experiment: experimentOf(training, options.set), engine: 'wasm', workers: 1, seed: 3 };

/** Notes the commands in place of running them. */
function recorder(exitCode = 0) {
  const commands: string[] = [];
  const run = async (args: readonly string[]) => {
    commands.push(args.join(' '));
    return exitCode;
  };
  return { commands, run };
}

describe('ensureRun', () => {
  it('passes every option on, goes on with a run that was cut short, and reuses one that was trained long enough', async () => {
    const { commands, run } = recorder();
    await expect(ensureRun(training, 3, options, recorder(7).run)).rejects.toMatchObject({ exitCode: 7 });
    await ensureRun(training, 3, options, run);
    new RunFolder(path).write('config.json', JSON.stringify(config));
    await ensureRun(training, 3, options, run);
    await ensureRun(training, 3, { ...options, maxMinutes: 1 }, run);
    await expect(ensureRun(training, 3, { ...options, precision: 'bfloat16' }, run)).rejects.toThrow('other settings');
    await ensureRun(training, 4, { ...options, precision: 'bfloat16' }, run);
    expect(commands).toEqual([
      `train flying-shapes-3 --seed 3 --out ${path} --engine wasm --workers 1 --set components=5 --set batchSize=4 --max-minutes 0.5 --count 8`,
      `train --resume ${path} --engine wasm --workers 1 --max-minutes 1 --count 8`,
      `train flying-shapes-3 --seed 4 --out ${path.replace('seed-3', 'seed-4')} --engine wasm --workers 1 --precision bfloat16 --set components=5 --set batchSize=4 --max-minutes 0.5 --count 8`,
    ]);
  });
});

describe('ensureEvaluation', () => {
  it('passes every option on and names the command’s exit code', async () => {
    const { commands, run } = recorder(5);
    new RunFolder(path).write('config.json', JSON.stringify(config));
    const wanted = ensureEvaluation(new RunFolder(path), { objects: 5 }, options, run);
    await expect(wanted).rejects.toMatchObject({ exitCode: 5 });
    expect(commands).toEqual([`evaluate ${path} --objects 5 --count 8 --engine wasm --workers 1`]);
  });

  it('reuses one of as many inputs that stands beside one of more', async () => {
    const run = new RunFolder(path);
    run.write('config.json', JSON.stringify(config));
    run.write('checkpoints/best.safetensors', 'weights');
    const record = (slug: string, inputs: number) => {
      run.write(`report/${slug}.json`, JSON.stringify({ slug, inputs, frames: [], weights: weightsDigest(path) }));
    };
    record('test', 500);
    record('test-count-8', 8);
    const { commands, run: command } = recorder();
    expect(await ensureEvaluation(run, {}, options, command)).toMatchObject({ inputs: 8 });
    expect(await ensureEvaluation(run, {}, { ...options, count: 500 }, command)).toMatchObject({ inputs: 500 });
    expect(commands).toEqual([]);
  });
});
