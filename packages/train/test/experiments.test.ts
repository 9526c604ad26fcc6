import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '@nem/core';
import { describe, expect, it } from 'vitest';
import { lastLine, nemIn, onWorkers, settings, startNem, temporaryFolder, until } from './nem.fixture.js';

const folder = temporaryFolder('experiments');
const nem = nemIn(folder);

/** Two updates on four tiny sequences. */
const tiny = settings(
  ...['dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'batchSize=2', 'steps=2', 'dataset.frames=3'],
  ...['network.recurrent.size=4', 'epochs=1'],
);
const one = onWorkers(1);

describe('a run of flying shapes', () => {
  const run = join(folder, 'flying');

  it('is trained and leaves events for TensorBoard', () => {
    const { status, stdout } = nem('train', 'flying-shapes-3', ...tiny, ...one, '--count', '1', '--out', run);
    expect(stdout).toContain('over 1 input;');
    expect(status).toBe(0);
    const events = readdirSync(run).filter((name) => name.startsWith('events.out.tfevents.'));
    expect(events).toHaveLength(2);
    for (const file of events) expect(statSync(join(run, file)).size).toBeGreaterThan(100);
  });

  it('is evaluated on other objects, K and frames, frame by frame', () => {
    const changes = ['--objects', '4', '--components', '5', '--frames', '5'];
    const { status, stdout } = nem('evaluate', run, ...changes);
    expect(status).toBe(0);
    expect(stdout).toContain('(4 objects, K = 5, 5 frames)');
    const table = stdout.split('\n').filter((line) => /^\d+ {2,}/.test(line));
    expect(table.map((line) => line.split(/ {2,}/)[0])).toEqual(['1', '2', '3', '4']);
    const file = join(run, 'report/test-objects-4-components-5-frames-5.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    expect(record.frames).toHaveLength(4);
    expect(record.confidence).toBeGreaterThan(1 / 5);
    const report = readFileSync(join(run, 'report/index.md'), 'utf8');
    expect(report).toContain('4 objects, K = 5, 5 frames');
    expect(report).toContain('| test set |');
  });

  it('refuses what does not fit with one sentence', () => {
    for (const [changes, named] of [
      [['--experiment', 'flying-mnist'], '24×24'],
      [['--frames', '3', '--steps', '3'], '--steps is 3'],
      [['--split', 'rest'], "'rest'"],
    ] as const) {
      const { status, stderr } = nem('evaluate', run, ...changes);
      expect(stderr).toContain(named);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(status).toBe(2);
    }
  });
});

describe('a run in stages', () => {
  const run = join(folder, 'stages');
  const digits = settings('stages.0.dataset.variations=5', 'stages.1.dataset.variations=6');

  it('trains each stage from the one before and goes on with the first that is not finished', () => {
    const first = nem('train', 'flying-mnist-stages', ...tiny, ...digits, ...one, '--out', run);
    expect(first.stderr).toContain('stage 3 of 3 ended by last epoch');
    expect(first.status).toBe(0);
    const epochs = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
    expect(epochs.map((line) => JSON.parse(line)).map(({ update, stage }) => [update, stage])).toEqual([
      [2, 1],
      [4, 2],
      [6, 3],
    ]);
    const weights = (path: string) => readFileSync(join(run, path, 'checkpoints/best.safetensors'));
    // The metadata are of the whole run in the one, of the stage in the other.
    const parameters = (path: string) => decodeSafetensors(new Uint8Array(weights(path))).arrays;
    expect(parameters('.')).toEqual(parameters('stages/3'));
    // As after an interruption in the third stage: the first two stay as they are.
    const before = weights('stages/2');
    rmSync(join(run, 'stages/3'), { recursive: true });
    const again = nem('train', '--resume', run);
    expect(again.stderr).not.toContain('stage 1 of 3 from');
    expect(again.status).toBe(0);
    expect(weights('stages/2').equals(before)).toBe(true);
    expect(parameters('.')).toEqual(parameters('stages/3'));
  });
});

it('data that cannot be drawn are refused before the run folder is made or a stage is trained', () => {
  const out = join(folder, 'none');
  for (const [name, ...wrong] of [
    ['flying-mnist-stages', 'stages.1.dataset.variations=1000000'],
    ['flying-mnist', 'dataset.objects=30'],
  ] as const) {
    const { status, stderr } = nem('train', name, ...tiny, ...settings(...wrong), ...one, '--out', out);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/1000000|30 digits do not fit into 24×24 pixels/),
    ]);
    expect(status).toBe(2);
    expect(existsSync(out)).toBe(false);
  }
});

describe('nem reproduce', () => {
  const small = settings(
    ...['dataset.training=8', 'dataset.validation=4', 'dataset.test=4', 'batchSize=4', 'steps=2', 'epochs=1'],
  );
  const reproduce = (...more: string[]) => nem('reproduce', 'static', '--seeds', '2', ...small, '--json', ...more);

  it('trains, evaluates and reports, and reuses what there is', () => {
    const first = reproduce();
    expect(first.status).toBe(0);
    const found = JSON.parse(first.stdout);
    expect(found.rehearsal).toBe(true);
    expect(found.scores.map(({ training }: { training: string }) => training)).toEqual([
      'static-shapes',
      'static-shapes-nem',
    ]);
    expect(found.scores[0].values).toHaveLength(2);
    expect(found.scores[0].published).toEqual({ mean: 0.826, deviation: 0.005 });
    const page = readFileSync(join(folder, 'reproduction/report/index.html'), 'utf8');
    expect(page).toContain('A rehearsal, not a reproduction');
    expect(page).toContain('0.826 ± 0.005');
    expect(page).toContain('<th scope="col" class="n">arithmetic</th>');
    expect(existsSync(join(folder, 'reproduction/report/static-loss.png'))).toBe(true);
    const again = reproduce();
    expect(JSON.parse(again.stdout)).toEqual(found);
    expect(again.stderr).not.toContain('epoch 1');
  });

  it('does one task, at once where it is done, and the report once all are', () => {
    const report = 'reproduction/runs/static-shapes-nem-seed-1/report';
    rmSync(join(folder, report), { recursive: true });
    const missing = reproduce('--report');
    expect(missing.stderr).toBe(
      'task 3 is not done yet, and the report needs it: do each with --task in place of --report.\n',
    );
    expect(missing.status).toBe(1);
    const listed = JSON.parse(reproduce('--list').stdout);
    expect(listed.tasks.map(({ state }: { state: string }) => state)).toEqual(['done', 'done', 'done', 'begun']);
    expect(listed.report.needs).toEqual([0, 1, 2, 3]);
    const task = (env: NodeJS.ProcessEnv, ...more: string[]) =>
      nemIn(folder, env)('reproduce', 'static', '--seeds', '2', ...small, '--task', ...more);
    const third = 'static-shapes-nem, seed 1, in reproduction/runs/static-shapes-nem-seed-1\n';
    expect(task({ SLURM_ARRAY_TASK_ID: '3' })).toMatchObject({ status: 0, stdout: `task 3 is done: ${third}` });
    const already = { status: 0, stdout: `task 3 was done already: ${third}`, stderr: '' };
    expect(task({ JOB_COMPLETION_INDEX: '3' })).toEqual(already);
    expect(task({}, '3')).toEqual(already);
    expect(task({}).stderr).toContain('this is no part of an array job: give --task a number');
    rmSync(join(folder, 'reproduction/report'), { recursive: true });
    expect(JSON.parse(reproduce('--report').stdout).scores).toHaveLength(2);
    expect(existsSync(join(folder, 'reproduction/report/index.html'))).toBe(true);
  });

  it('ended by a signal to it alone, ends its run in order and goes on with it', async () => {
    const args = ['reproduce', 'static', '--seeds', '1', ...small, '--set', 'epochs=500', '--set', 'patience=500'];
    const { child, said, exit } = startNem(folder, [...args, '--out', 'stopped']);
    await until(() => /epoch 3,/.test(said()), child);
    const twice = nem(...args, '--out', 'stopped', '--task', '0');
    expect(twice.stderr).toMatch(/^stopped\/runs\/static-shapes-seed-0 is in use by process .*\n$/);
    expect(twice.status).toBe(8);
    child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
    expect(said()).toContain('stopped by SIGTERM: go on with nem train --resume stopped/runs/static-shapes-seed-0');
    expect(lastLine(said())).toBe('stopped by SIGTERM: go on with the same command.');
    expect(existsSync(join(folder, 'stopped/runs/static-shapes-seed-0/checkpoints/last.safetensors'))).toBe(true);
    expect(existsSync(join(folder, 'stopped/lock'))).toBe(false);
  });

  it('refuses runs of other settings, and unknown results, with one sentence', () => {
    const other = reproduce('--set', 'batchSize=2');
    expect(other.stderr).toContain('other settings');
    expect(other.status).toBe(1);
    const unknown = nem('reproduce', 'everything');
    expect(unknown.stderr.trim()).toBe(
      "unknown result 'everything': use static, table-1, next-step, flying-mnist or all.",
    );
    expect(unknown.status).toBe(2);
  });
});
