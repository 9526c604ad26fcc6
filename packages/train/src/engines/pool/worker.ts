/** A worker thread of the pool: an engine of its own on the parameters that all share. */
import { workerData } from 'node:worker_threads';
import { networkShape, scaleGradients, sumOfSquares } from '@nem/core';
import { KernelsError } from '@nem/kernels';
import { createAdamUpdate, createKernelEngine } from '@nem/kernels/engine';
import { deriveKey } from '@nem/random';
import { Room } from '../../system/room.js';
import { DrawnInputs } from '../ahead/drawn-inputs.js';
import { loadKernels } from '../kernels/load.js';
import { serveTasks } from '../threads/serve-tasks.js';
import type { Results, Task, WorkerSetup } from './protocol.js';
import type { Shard } from './shards.js';
import { addTo, namedViews } from './shared-state.js';

const { spec, computing, buffers, slot } = workerData as WorkerSetup;
const [height, width] = spec.image;
const { parameters: specs } = networkShape(spec.network, height * width);
const parameters = namedViews(specs, buffers.parameters);
const gradientSlot = namedViews(specs, slot);
const { target, variant, precision } = computing;
const kernels = await loadKernels(target, variant);
const engine = createKernelEngine(kernels, spec, deriveKey(0, 'parameters'), { precision });
const adamUpdate = createAdamUpdate(kernels, spec.optimizer);

type PartTask = Pick<Extract<Task, { type: 'update' }>, 'from' | 'to' | 'workers'>;

const viewOf =
  ({ from, to }: PartTask) =>
  (buffer: SharedArrayBuffer) =>
    new Float32Array(buffer).subarray(from, to);

/** This part of the workers' gradients, in their order. */
function gradientsOf(task: PartTask): [Float32Array, ...Float32Array[]] {
  const part = viewOf(task);
  const [first, ...others] = buffers.gradients;
  return [part(first), ...others.slice(0, task.workers - 1).map(part)];
}

/** Sums this part of the workers' gradients into the first slot, in their order; gives the sum. */
function fold(task: PartTask): Float32Array {
  const [total, ...others] = gradientsOf(task);
  addTo(total, others);
  return total;
}

/** Updates this part of the parameters from the sum of the workers' gradients, in their order. */
function update(task: Extract<Task, { type: 'update' }>): null {
  const part = viewOf(task);
  const gradients = gradientsOf(task);
  for (const one of gradients) scaleGradients(one, task.factor);
  const [parameters, m, v] = [part(buffers.parameters), part(buffers.m), part(buffers.v)];
  adamUpdate({ parameters, gradients, m, v }, task.update);
  return null;
}

const room = new Room((length) => new Float32Array(length));
/** The next step's, and whether a turn is already set aside for them. */
let drawn: DrawnInputs | undefined;
let drawing = false;

/** Draws a part, then lets a task in that has come meanwhile, and so on. */
function drawOn(): void {
  drawing = drawn?.advance() ?? false;
  if (drawing) setImmediate(drawOn);
}

function prepare({ batch, keys }: Extract<Task, { type: 'prepare' }>): null {
  drawn = new DrawnInputs(spec, batch, keys, room);
  if (!drawing) setImmediate(drawOn);
  drawing = true;
  return null;
}

function preparedShard(): Shard {
  if (!drawn) throw new Error('no step has been prepared');
  const shard = drawn.finish();
  drawn = undefined;
  return shard;
}

async function compute(task: Task): Promise<Results[Task['type']]> {
  if (task.type === 'fold') return { squares: sumOfSquares(fold(task)) };
  if (task.type === 'update') return update(task);
  if (task.type === 'prepare') return prepare(task);
  engine.setParameters(parameters);
  const { batch, randomness } = task.shard ?? preparedShard();
  if (task.type === 'infer') return engine.infer(batch, randomness, { steps: task.steps });
  return engine.gradientsInto(batch, randomness, gradientSlot);
}

/** All that the kernels of a made engine can lack is memory for a batch. */
function asRangeError(error: unknown): unknown {
  return error instanceof KernelsError ? new RangeError(error.message.replace(/\.$/, '')) : error;
}

serveTasks((task: Task) =>
  compute(task).catch((error: unknown) => {
    throw asRangeError(error);
  }),
);
