import { option, UsageError } from '../errors.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import type { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import type { ReproducedRun } from './report.js';
import { evaluationsOf, type Result, type Training, trainingsOf } from './results.js';
import {
  ensureEvaluation,
  ensureRun,
  isBegun,
  knownEvaluation,
  type RunCommand,
  type RunOptions,
  runFolder,
  trainedRun,
} from './runs.js';

/** What one job of a cluster can do: the run of a training and a seed, with its evaluations. It needs no other task. */
export interface Task {
  /** From 0 on. */
  readonly number: number;
  readonly training: Training;
  readonly seed: number;
}

/** What the tasks of a reproduction are made from. */
export interface TaskPlan extends RunOptions {
  readonly results: readonly Result[];
  /** Runs of each training, with the seeds 0, 1 … */
  readonly seeds: number;
}

/** `done`: trained and evaluated; `begun`: there is a run to go on with. */
export type TaskState = 'done' | 'begun' | 'open';

/** Whoever follows a reproduction. */
export interface Follower {
  tell(sentence: string): void;
  /** Waited for after each run, and while a task's owner on another host is looked for; what it throws ends the reproduction. */
  pause(): Promise<void>;
}

/** Every task that results need. Their numbers are the same wherever the same results and seeds are asked for. */
export function tasksOf({ results, seeds }: Pick<TaskPlan, 'results' | 'seeds'>): Task[] {
  return trainingsOf(results).flatMap((training, index) =>
    Array.from({ length: seeds }, (_, seed) => ({ number: index * seeds + seed, training, seed })),
  );
}

/** @throws UsageError where there is no task of that number */
export function findTask(plan: TaskPlan, number: number): Task {
  const tasks = tasksOf(plan);
  const task = tasks[number];
  if (task) return task;
  throw new UsageError(`there is no task ${number}`, [
    'give ',
    option('task', `a number from 0 to ${tasks.length - 1}`),
    '.',
  ]);
}

/** The folder of a task's run. */
export const taskFolder = (plan: TaskPlan, { training, seed }: Task): RunFolder => runFolder(training, seed, plan);

/**
 * The run of a task with its evaluations, where all of it is there.
 * @throws RunError where its run has other settings
 */
export function finishedTask(plan: TaskPlan, { training, seed }: Task): ReproducedRun | undefined {
  const folder = trainedRun(training, seed, plan);
  if (!folder) return undefined;
  const evaluations = new Map<string, EvaluationRecord>();
  for (const changes of evaluationsOf(plan.results, training)) {
    const record = knownEvaluation(folder, changes, plan);
    if (!record) return undefined;
    evaluations.set(JSON.stringify(changes), record);
  }
  return reproducedRun(training, seed, folder, evaluations);
}

/** How far a task is. @throws RunError where its run has other settings */
export function taskState(plan: TaskPlan, task: Task): TaskState {
  if (finishedTask(plan, task)) return 'done';
  return isBegun(taskFolder(plan, task)) ? 'begun' : 'open';
}

const reproducedRun = (
  training: Training,
  seed: number,
  folder: RunFolder,
  evaluations: ReadonlyMap<string, EvaluationRecord>,
): ReproducedRun => ({
  ...{ training, seed, evaluations },
  ...{ path: folder.path, epochs: folder.readEpochs(), losses: folder.readLosses() },
});

/** A task's lock, beside that of its run: it is held from the training on to the last evaluation. */
const LOCK = 'task.lock';

/**
 * Does a task, or what is left of it: trains its run or goes on with it, and evaluates it.
 * @throws RunError with the exit code of what did not end well, and where another process does this task
 */
export async function doTask(plan: TaskPlan, task: Task, run: RunCommand, follower: Follower): Promise<ReproducedRun> {
  const finished = finishedTask(plan, task);
  if (finished) return finished;
  const { training, seed } = task;
  const lock = await RunLock.acquire(taskFolder(plan, task).path, {
    name: LOCK,
    tell: follower.tell,
    pause: follower.pause,
  });
  try {
    const runLocked: RunCommand = (args) => {
      lock.check();
      return run(args);
    };
    const folder = await ensureRun(training, seed, plan, runLocked);
    const evaluations = new Map<string, EvaluationRecord>();
    for (const changes of evaluationsOf(plan.results, training)) {
      evaluations.set(JSON.stringify(changes), await ensureEvaluation(folder, changes, plan, runLocked));
    }
    return reproducedRun(training, seed, folder, evaluations);
  } finally {
    lock.release();
  }
}
