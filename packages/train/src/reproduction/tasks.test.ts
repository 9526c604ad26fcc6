import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../errors.js';
import { planEvaluation } from '../evaluation/plan.js';
import { weightsDigest } from '../evaluation/record.js';
import { RunFolder } from '../run/run-folder.js';
import { finishedRuns, planReproduction, type ReproductionPlan } from './reproduce.js';
import { evaluationsOf } from './results.js';
import { experimentOf } from './runs.js';
import { doTask, findTask, type Task, taskFolder, taskState, tasksOf } from './tasks.js';

let out: string;
let plan: ReproductionPlan;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'nem-tasks-'));
  plan = planReproduction('flying-mnist', { seeds: 2, set: [], count: 4, out });
});
afterEach(() => rmSync(out, { recursive: true }));

const follower = { tell: () => undefined, pause: async () => undefined };
const task = () => findTask(plan, 1);
const lock = () => join(taskFolder(plan, task()).path, 'task.lock');

/** Leaves the files that training leaves. */
function train({ training, seed }: Task): void {
  const folder = taskFolder(plan, { number: 0, training, seed });
  const config = { experiment: experimentOf(training, plan.set), engine: 'wasm', seed };
  folder.write('config.json', JSON.stringify(config));
  folder.write('checkpoints/best.safetensors', 'weights');
}

/** Leaves the files that the evaluation in place `index` leaves. */
function evaluate({ training, seed }: Task, index: number): void {
  const folder = taskFolder(plan, { number: 0, training, seed });
  const changes = evaluationsOf(plan.results, training)[index]!;
  const { slug } = planEvaluation(folder.readConfig().experiment, seed, changes);
  const record = { slug, inputs: 4, frames: [], weights: weightsDigest(folder.path) };
  folder.write(`report/${slug}.json`, JSON.stringify(record));
}

/** Does what the commands of task `of` would do, and notes them. */
function recorder(of: Task) {
  const commands: string[] = [];
  const run = async (args: readonly string[]) => {
    if (args[0] === 'train') train(of);
    else evaluate(of, commands.filter((command) => command === 'evaluate').length);
    commands.push(args[0]!);
    return 0;
  };
  return { commands, run };
}

describe('tasks', () => {
  it('are a training and a seed each, numbered from 0', () => {
    expect(tasksOf(plan).map(({ number, training, seed }) => [number, training.id, seed])).toEqual([
      ...[0, 1].map((seed) => [seed, 'flying-mnist', seed]),
      ...[0, 1].map((seed) => [2 + seed, 'flying-mnist-stages', seed]),
    ]);
    expect(tasksOf(planReproduction('all', { seeds: 5, set: [], out }))).toHaveLength(60);
    expect(() => findTask(plan, 4)).toThrow('there is no task 4: give the task a number from 0 to 3.');
  });

  it('one is open, begun and done; done, it ends at once', async () => {
    expect(taskState(plan, task())).toBe('open');
    train(task());
    expect(taskState(plan, task())).toBe('begun');
    const { commands, run } = recorder(task());
    const found = await doTask(plan, task(), run, follower);
    expect(commands).toEqual(['train', 'evaluate', 'evaluate', 'evaluate', 'evaluate']);
    expect(taskState(plan, task())).toBe('done');
    expect(existsSync(lock())).toBe(false);
    expect(await doTask(plan, task(), recorder(task()).run, follower)).toEqual(found);
    expect(commands).toHaveLength(5);
  });

  it('one that was cut short between two evaluations does the rest', async () => {
    const first = recorder(task());
    const dies = (args: readonly string[]) => (first.commands.length === 3 ? Promise.resolve(137) : first.run(args));
    await expect(doTask(plan, task(), dies, follower)).rejects.toMatchObject({ exitCode: 137 });
    expect(taskState(plan, task())).toBe('begun');
    const commands: string[] = [];
    const rest = async (args: readonly string[]) => {
      commands.push(args[0]!);
      evaluate(task(), 1 + commands.length);
      return 0;
    };
    await doTask(plan, task(), rest, follower);
    expect(commands).toEqual(['evaluate', 'evaluate']);
  });

  it('one that another process does is refused from its training to its last evaluation; another task is not', async () => {
    const { commands, run } = recorder(task());
    const refusals: unknown[] = [];
    const runAndTry = async (args: readonly string[]) => {
      refusals.push(await doTask(plan, task(), run, follower).catch((error: unknown) => error));
      return run(args);
    };
    await doTask(plan, task(), runAndTry, follower);
    expect(commands).toHaveLength(5);
    expect(refusals).toHaveLength(5);
    const inUse = expect.objectContaining({
      exitCode: EXIT_CODES.inUse,
      message: expect.stringContaining('is in use by'),
    });
    expect(refusals).toEqual(refusals.map(() => inUse));
    const other = recorder(findTask(plan, 0));
    await doTask(plan, findTask(plan, 0), other.run, follower);
    expect(other.commands).toHaveLength(5);
  });

  it('one whose process has died is taken over; one that is taken from this process stops before its next command', async () => {
    const holder = { pid: 2 ** 30, host: hostname(), since: '2026-01-01T00:00:00.000Z', process: '' };
    new RunFolder(taskFolder(plan, task()).path).write('task.lock', JSON.stringify(holder));
    const { commands, run } = recorder(task());
    const loses = async (args: readonly string[]) => {
      expect(JSON.parse(readFileSync(lock(), 'utf8')).pid).toBe(process.pid);
      writeFileSync(lock(), JSON.stringify({ ...holder, host: 'elsewhere' }));
      return run(args);
    };
    await expect(doTask(plan, task(), loses, follower)).rejects.toMatchObject({ exitCode: EXIT_CODES.inUse });
    expect(commands).toEqual(['train']);
    expect(existsSync(lock())).toBe(true);
  });
});

describe('the report', () => {
  it('names the tasks that it needs', async () => {
    expect(() => finishedRuns(plan)).toThrow(
      'tasks 0-3 are not done yet, and the report needs them: do each with the option task in place of the option report.',
    );
    for (const done of [0, 1, 3].map((number) => findTask(plan, number))) {
      await doTask(plan, done, recorder(done).run, follower);
    }
    expect(() => finishedRuns(plan)).toThrow('task 2 is not done yet, and the report needs it:');
    await doTask(plan, findTask(plan, 2), recorder(findTask(plan, 2)).run, follower);
    expect(finishedRuns(plan).map(({ training, seed }) => `${training.id} ${seed}`)).toEqual([
      ...['flying-mnist 0', 'flying-mnist 1', 'flying-mnist-stages 0', 'flying-mnist-stages 1'],
    ]);
  });
});
