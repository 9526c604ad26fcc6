import {
  clipFactor,
  copyArrays,
  type Engine,
  type EngineSpec,
  type FrameBatch,
  guardEngine,
  type Inference,
  initializeParameters,
  type NamedArrays,
  networkShape,
  type OptimizerState,
  type ParameterSpec,
  type Randomness,
  requireEngineSpec,
  requireKey,
  requireParameters,
} from '@nem/core';
import type { Key } from '@nem/random';
import { poolWorker } from '../../system/assets.js';
import { allowCollection } from '../../system/collect-garbage.js';
import { Room } from '../../system/room.js';
import { counted } from '../../words.js';
import { WorkerThread } from '../threads/worker-thread.js';
import { Turns } from '../turns.js';
import type { PoolComputing, Results, Task, WorkerSetup } from './protocol.js';
import { joinInferences, type Shard, shardBatch } from './shards.js';
import { addTo, allocateShared, namedViews, partOf, type SharedBuffers, writeViews } from './shared-state.js';

const sharedFloats = (length: number) =>
  new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));

const products = ({ precision }: PoolComputing) => (precision === 'float32' ? '' : `, products in ${precision}`);

/** Results of all, or the first failure once none computes any more. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** How many threads a pool has, and how they compute. */
interface PoolOptions extends PoolComputing {
  /** 1 or more. */
  readonly workers: number;
}

/**
 * One engine on the kernels a worker thread, each with some rows of the batch. Parameters, Adam's moments and gradients lie in
 * shared memory: the gradients' sum over the workers, in their order, is the whole batch's gradient, and each worker
 * updates a part of the parameters. The same number of workers gives the same bits. Calls that are not waited for take turns,
 * because all of them use that memory.
 */
class PoolEngine implements Engine {
  readonly name: string;
  readonly device: string;
  readonly #spec: EngineSpec;
  readonly #specs: readonly ParameterSpec[];
  readonly #pixels: number;
  readonly #threads: readonly WorkerThread<Task, Results>[];
  readonly #buffers: SharedBuffers;
  /** The frames of a batch, where all threads see them. */
  readonly #frames = new Room(sharedFloats);
  /** The same of the prepared batch, and of the one before it, with which the threads may still compute. */
  #prepared = new Room(sharedFloats);
  #computing = new Room(sharedFloats);
  readonly #turns = new Turns();
  #next: { readonly batch: FrameBatch; readonly randomness: Randomness; readonly workers: number } | undefined;
  readonly #parameters: NamedArrays;
  readonly #m: NamedArrays;
  readonly #v: NamedArrays;
  #updates = 0;

  constructor(spec: EngineSpec, key: Key, { workers, ...computing }: PoolOptions) {
    const [height, width] = spec.image;
    this.name = computing.target;
    this.#spec = spec;
    this.#pixels = height * width;
    this.#specs = networkShape(spec.network, this.#pixels).parameters;
    this.device = `${counted(workers, 'worker thread')}, ${computing.variant}${products(computing)}`;
    this.#buffers = allocateShared(this.#specs, workers);
    this.#parameters = namedViews(this.#specs, this.#buffers.parameters);
    this.#m = namedViews(this.#specs, this.#buffers.m);
    this.#v = namedViews(this.#specs, this.#buffers.v);
    writeViews(this.#parameters, initializeParameters(this.#specs, key));
    allowCollection();
    const file = poolWorker();
    this.#threads = this.#buffers.gradients.map((slot, worker) => {
      const setup: WorkerSetup = { spec, computing, buffers: this.#buffers, slot };
      return new WorkerThread(file, `worker thread ${worker + 1}`, setup);
    });
  }

  prepare(batch: FrameBatch, randomness: Randomness): void {
    this.#next = undefined;
    if (!('noise' in randomness)) return;
    const shards = this.#shards(batch, randomness, this.#prepared);
    for (const [i, shard] of shards.entries()) {
      // A thread that has ended says so of its next task too.
      this.#thread(i)
        .run({ type: 'prepare', batch: shard.batch, keys: randomness })
        .catch(() => undefined);
    }
    this.#next = { batch, randomness, workers: shards.length };
  }

  trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    return this.#turns.take(async () => {
      const { loss, workers } = await this.#differentiate(batch, randomness);
      this.#updates++;
      await this.#update(workers);
      return { loss };
    });
  }

  /** Adam's update with the gradients of `workers` workers; one that clips them needs the norm of their sum first. */
  async #update(workers: number): Promise<void> {
    const length = this.#buffers.parameters.byteLength / Float32Array.BYTES_PER_ELEMENT;
    const parts = this.#threads.map((thread, i) => ({ thread, part: partOf(length, i, this.#threads.length) }));
    const update = (slots: number, factor: number) =>
      all(
        parts.map(({ thread, part: [from, to] }) =>
          thread.run({ type: 'update', update: this.#updates, from, to, workers: slots, factor }),
        ),
      );
    const { optimizer } = this.#spec;
    if (optimizer?.clipNorm === undefined) return void (await update(workers, 1));
    const folded = await all(
      parts.map(({ thread, part: [from, to] }) => thread.run({ type: 'fold', from, to, workers })),
    );
    const squares = folded.reduce((sum, part) => sum + part.squares, 0);
    await update(1, clipFactor(squares, optimizer));
  }

  gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    return this.#turns.take(async () => {
      const { loss, workers } = await this.#differentiate(batch, randomness);
      const [first, ...others] = this.#buffers.gradients;
      const total = new Float32Array(first).slice();
      addTo(
        total,
        others.slice(0, workers - 1).map((slot) => new Float32Array(slot)),
      );
      return { loss, gradients: copyArrays(namedViews(this.#specs, total.buffer)) };
    });
  }

  infer(batch: FrameBatch, randomness: Randomness, options: { steps?: 'last' | 'all' } = {}): Promise<Inference> {
    const { steps = 'last' } = options;
    return this.#turns.take(async () => {
      const shards = this.#shards(batch, randomness, this.#frames);
      const parts = await all(shards.map((shard, i) => this.#thread(i).run({ type: 'infer', shard, steps })));
      return joinInferences(parts, steps === 'all' ? this.#spec.objective.stepWeights.length : 1);
    });
  }

  parameters(out?: NamedArrays): Promise<NamedArrays> {
    return this.#turns.take(async () => copyArrays(this.#parameters, out));
  }

  setParameters(parameters: NamedArrays): void {
    requireParameters(this.#specs, parameters);
    this.#writeInTurn(parameters, (arrays) => writeViews(this.#parameters, arrays));
  }

  optimizerState(out?: OptimizerState): Promise<OptimizerState> {
    return this.#turns.take(async () => ({
      updates: this.#updates,
      m: copyArrays(this.#m, out?.m),
      v: copyArrays(this.#v, out?.v),
    }));
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    requireParameters(this.#specs, m);
    requireParameters(this.#specs, v);
    this.#writeInTurn(m, (arrays) => {
      this.#updates = updates;
      writeViews(this.#m, arrays);
    });
    this.#writeInTurn(v, (arrays) => writeViews(this.#v, arrays));
  }

  /** Writes arrays as they are now, at once where nothing is under way: else a copy of them waits. */
  #writeInTurn(arrays: NamedArrays, write: (arrays: NamedArrays) => void): void {
    if (this.#turns.areIdle) write(arrays);
    else {
      const copies = copyArrays(arrays);
      void this.#turns.take(async () => write(copies));
    }
  }

  dispose(): void {
    for (const thread of this.#threads) thread.terminate();
  }

  /** The thread of a batch's shard `i`; a batch has no more shards than there are threads. */
  #thread(i: number): WorkerThread<Task, Results> {
    const thread = this.#threads[i];
    if (!thread) throw new RangeError(`shard ${i + 1} has no thread: there are ${this.#threads.length}.`);
    return thread;
  }

  /** Leaves each worker's gradients in its slot; `workers` had rows. */
  async #differentiate(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; workers: number }> {
    const parts = await all(this.#gradientTasks(batch, randomness).map((task, i) => this.#thread(i).run(task)));
    return { loss: parts.reduce((sum, { loss }) => sum + loss, 0), workers: parts.length };
  }

  #gradientTasks(batch: FrameBatch, randomness: Randomness): Extract<Task, { type: 'gradients' }>[] {
    const next = this.#next;
    this.#next = undefined;
    if (next?.batch === batch && next.randomness === randomness) {
      [this.#prepared, this.#computing] = [this.#computing, this.#prepared];
      return Array.from({ length: next.workers }, () => ({ type: 'gradients' }));
    }
    return this.#shards(batch, randomness, this.#frames).map((shard) => ({ type: 'gradients', shard }));
  }

  #shards(batch: FrameBatch, randomness: Randomness, room: Room<Float32Array>): Shard[] {
    return shardBatch(batch, randomness, this.#pixels, this.#threads.length, room.take(batch.frames.length));
  }
}

/**
 * An engine of several threads.
 * @param key of the parameters' start
 * @throws NetworkError for a network that cannot be built; InputError or RangeError for another part of the specification;
 *   InputError for the key
 */
export function createPoolEngine(spec: EngineSpec, key: Key, options: PoolOptions): Engine {
  requireKey(key);
  requireEngineSpec(spec);
  return guardEngine(new PoolEngine(spec, key, options), spec);
}
