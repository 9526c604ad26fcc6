import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, EngineSpec, FrameBatch, Randomness } from '@nem/core';
import { decorateEngine } from '@nem/core';
import { packageFile } from '../../system/package-file.js';
import { WorkerThread } from '../threads/worker-thread.js';
import { Turns } from '../turns.js';
import type { DrawnRandomness } from './drawn-inputs.js';
import type { NoiseResults, NoiseTask } from './noise-worker.js';

/** A step whose noise is being drawn. */
interface Ahead {
  readonly batch: FrameBatch;
  readonly randomness: Randomness;
  /** undefined where the thread has ended: the engine then draws for itself. */
  readonly drawn: Promise<DrawnRandomness | undefined>;
}

/** A thread beside an engine that keeps its own busy: it draws the next step's noise meanwhile, the same bits. */
class NoiseAhead {
  readonly #engine: Engine;
  readonly #spec: EngineSpec;
  #thread: WorkerThread<NoiseTask, NoiseResults> | undefined;
  /** Memory of a drawing that has been computed on, for a next one. */
  #used: Float32Array | undefined;
  #ahead: Ahead | undefined;

  constructor(engine: Engine, spec: EngineSpec) {
    this.#engine = engine;
    this.#spec = spec;
  }

  prepare(batch: FrameBatch, randomness: Randomness): void {
    // What was asked for before is not taken: it stays where it is, and the engine draws for this one.
    if (this.#ahead || !('noise' in randomness)) return;
    this.#thread ??= new WorkerThread(packageFile('dist/noise-worker.js'), 'the thread of the noise', this.#spec);
    const used = this.#used;
    this.#used = undefined;
    // The batch stays the caller's: it is copied.
    const transfer = used ? [used.buffer as ArrayBuffer] : [];
    const drawn = this.#thread.run({ type: 'draw', batch, keys: randomness, used }, transfer).catch(() => undefined);
    this.#ahead = { batch, randomness, drawn };
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // The caller draws and prepares the next batch in them: once the step is computed on it, this thread lets nobody in.
    await nextTurn();
    await nextTurn();
    const drawn = await ahead?.drawn;
    const wanted = ahead?.batch === batch && ahead.randomness === randomness ? drawn : undefined;
    const step = await this.#engine.trainStep(batch, wanted ?? randomness);
    this.#used = drawn?.corrupted;
    return step;
  }

  dispose(): void {
    this.#thread?.terminate();
    this.#engine.dispose();
  }
}

/** Methods that wait for the steps that were asked for before them. */
const IN_TURN: ReadonlySet<PropertyKey> = new Set(['gradients', 'infer', 'parameters', 'optimizerState']);

/** `engine`, made for `spec`, with a thread that draws the noise of prepared steps. */
export function withNoiseAhead(engine: Engine, spec: EngineSpec): Engine {
  const ahead = new NoiseAhead(engine, spec);
  const turns = new Turns();
  return decorateEngine(engine, {
    members: {
      prepare: (batch, randomness) => ahead.prepare(batch, randomness),
      trainStep: (batch, randomness) => turns.take(() => ahead.trainStep(batch, randomness)),
      dispose: () => ahead.dispose(),
    },
    around: (call, method) => (IN_TURN.has(method) ? turns.take(call as () => Promise<unknown>) : call()),
  });
}
