import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EngineSpec, FrameBatch } from '@nem/core';
import type { DrawnRandomness, NoiseKeys } from './drawn-inputs.js';
import type { NoiseTask } from './noise-worker.js';

const workerFile = () =>
  join(dirname(createRequire(import.meta.url).resolve('@nem/train/package.json')), 'dist/noise-worker.js');

interface Pending {
  resolve(drawn: DrawnRandomness): void;
  reject(error: Error): void;
}

/** Draws noise and initial γ in a thread of its own, in the order in which they are asked for. */
export class NoiseThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #used: Float32Array | undefined;
  #ended = false;

  constructor(spec: EngineSpec) {
    this.#worker = new Worker(workerFile(), { workerData: spec });
    this.#worker.on('message', (drawn: DrawnRandomness) => this.#next()?.resolve(drawn));
    // What is wrong with it, its end tells too.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => {
      this.#ended = true;
      while (this.#pending.length > 0) this.#next()?.reject(new Error('the thread that draws noise has ended'));
    });
    // A thread without a task does not keep the process alive.
    this.#worker.unref();
  }

  /** @throws Error where the thread has ended */
  async draw(batch: FrameBatch, keys: NoiseKeys): Promise<DrawnRandomness> {
    if (this.#ended) throw new Error('the thread that draws noise has ended');
    const task: NoiseTask = { batch, keys, used: this.#used };
    this.#worker.ref();
    this.#worker.postMessage(task, this.#used ? [this.#used.buffer as ArrayBuffer] : []);
    this.#used = undefined;
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  /** Takes the memory of a drawing back, to be used again. */
  giveBack({ corrupted }: DrawnRandomness): void {
    this.#used = corrupted;
  }

  terminate(): void {
    void this.#worker.terminate();
  }

  #next(): Pending | undefined {
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#worker.unref();
    return pending;
  }
}
