import { Worker } from 'node:worker_threads';
import { EngineError, RunError } from '../../errors.js';
import { ownBuffers } from './own-buffers.js';
import type { Reply } from './serve-tasks.js';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * A worker makes few objects and large arrays, whose collection ends a young generation long before it is full: in one of the
 * default size (48 MiB) a run would touch new pages for thousands of steps, so that its memory seems to grow.
 */
const LIMITS = { maxYoungGenerationSizeMb: 6 };

/**
 * The main thread's end of a worker: tasks are answered in the order in which they were given. `Results` has the result of each
 * type of task.
 */
export class WorkerThread<Task extends { readonly type: string }, Results extends Record<Task['type'], unknown>> {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #lost: EngineError | undefined;

  /**
   * @param name what it is called where it ends, e.g. `worker thread 1`
   * @param setup its `workerData`
   */
  constructor(file: string, name: string, setup: unknown) {
    this.#worker = new Worker(file, { workerData: setup, resourceLimits: LIMITS });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#lose(`${name} failed (${error.message})`));
    this.#worker.on('exit', (code) => this.#lose(`${name} ended with exit code ${code}`));
    // A thread without a task does not keep the process alive.
    this.#worker.unref();
  }

  /**
   * @param transfer what is handed over with the task. Default: the buffers of its arrays
   * @throws EngineError where the thread has ended, RunError where the task fails
   */
  run<T extends Task>(task: T, transfer = ownBuffers(task)): Promise<Results[T['type']]> {
    if (this.#lost) return Promise.reject(this.#lost);
    this.#worker.ref();
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#worker.postMessage(task, transfer);
    }) as Promise<Results[T['type']]>;
  }

  terminate(): void {
    void this.#worker.terminate();
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#worker.unref();
    if ('error' in reply) pending?.reject(new RunError(reply.error));
    else pending?.resolve(reply.result);
  }

  #lose(what: string): void {
    this.#lost ??= new EngineError('workerLost', what);
    for (const { reject } of this.#pending.splice(0)) reject(this.#lost);
  }
}
