import { UsageError } from '../errors.js';
import type { ReproductionPlan } from '../reproduction/reproduce.js';
import { doTask, findTask, finishedTask, type Task, taskFolder, taskState, tasksOf } from '../reproduction/tasks.js';
import { numberRanges } from '../words.js';
import type { Interruption } from './interruption.js';
import { runNem } from './run-nem.js';
import { textTable } from './text-table.js';

/** Where an array job says which of its parts a process is: Slurm, and Kubernetes' Indexed Jobs. */
const ARRAY_VARIABLES = ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX'] as const;

/** What a script is told of a task. */
function describeTask(plan: ReproductionPlan, task: Task) {
  const { number, training, seed } = task;
  return {
    ...{ task: number, training: training.id, experiment: training.experiment, components: training.components, seed },
    needs: [] as number[],
    memoryMiB: training.memoryMiB,
    engine: plan.engine ?? 'auto',
    run: taskFolder(plan, task).path,
    state: taskState(plan, task),
  };
}

/** `nem reproduce --list`: every task with what it needs, and at last the report. */
export function listTasks(plan: ReproductionPlan, json?: boolean): void {
  const tasks = tasksOf(plan).map((task) => describeTask(plan, task));
  const needs = tasks.map(({ task }) => task);
  if (json) {
    console.log(JSON.stringify({ tasks, report: { needs } }));
    return;
  }
  const head = ['task', 'training', 'seed', 'needs tasks', 'memory', 'engine', 'state'];
  const rows = tasks.map(({ task, training, seed, memoryMiB, engine, state }) => [
    ...[String(task), training, String(seed), '–'],
    ...[`${memoryMiB} MiB`, engine, state],
  ]);
  const report = ['report', '', '', numberRanges(needs), '', '', ''];
  console.log(textTable(head, [...rows, report], 2));
}

/** The number of the task that is asked for. @throws UsageError where the array job is to say it, and there is none */
function taskNumber(task: number | true): number {
  if (task !== true) return task;
  const name = ARRAY_VARIABLES.find((variable) => process.env[variable] !== undefined);
  const number = name === undefined ? Number.NaN : Number(process.env[name] || Number.NaN);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new UsageError(
    name === undefined ? 'this is no part of an array job' : `${name} is '${process.env[name]}', which is no task`,
    `give --task a number, or set ${ARRAY_VARIABLES.join(' or ')}.`,
  );
}

/** `nem reproduce --task`: one task; at once where it is done. */
export async function reproduceTask(
  plan: ReproductionPlan,
  asked: number | true,
  interruption: Interruption,
  json?: boolean,
): Promise<void> {
  const task = findTask(plan, taskNumber(asked));
  const { number, training, seed } = task;
  const isDone = finishedTask(plan, task) !== undefined;
  const follower = { tell: console.error, pause: () => interruption.check() };
  if (!isDone) await doTask(plan, task, runNem(interruption.abort), follower);
  const words = isDone ? 'was done already' : 'is done';
  if (json) console.log(JSON.stringify(describeTask(plan, task)));
  else console.log(`task ${number} ${words}: ${training.id}, seed ${seed}, in ${taskFolder(plan, task).path}`);
}
