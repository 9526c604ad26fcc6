import { shown, shownOrMissing } from '../shown.js';
import { type Check, faultSentence, kind, object, optional } from '../spec-check.js';
import { decorateEngine } from './decorate-engine.js';
import type { Engine, EngineSpec, Randomness } from './engine.js';
import { type FrameBatch, requireFrames, requirePixels } from './frames.js';
import { DisposedError, InputError } from './input-error.js';
import { requireRandomness } from './randomness.js';

/** Methods that take a batch and its randomness. */
const ON_A_BATCH: ReadonlySet<PropertyKey> = new Set([
  'trainStep',
  'gradients',
  'gradientsInto',
  'infer',
  'prepare',
  'profile',
]);
/** Methods of every engine that throw where the others give a promise that rejects. */
const AT_ONCE: ReadonlySet<PropertyKey> = new Set(['prepare', 'setParameters', 'setOptimizerState', 'dispose']);

const inferOptions: Check = optional(
  object({ steps: optional(kind("use 'last' or 'all'.", (value) => value === 'last' || value === 'all')) }),
);

/** How an engine is guarded. */
export interface Guard {
  /** Whether the engine itself has {@link requirePixels} look at a batch, where it reads the pixels anyway. Default false. */
  readonly checksPixels?: boolean;
  /** Names of the engine's own methods that throw, beside those that throw in every engine. Default: none. */
  readonly atOnce?: readonly string[];
}

/** Checks the arguments of a method that takes a batch. */
function requireArguments(
  spec: EngineSpec,
  checksPixels: boolean,
  method: PropertyKey,
  args: readonly unknown[],
): void {
  const [batch, randomness, options] = args as [FrameBatch, Randomness, unknown];
  const [height, width] = spec.image;
  requireFrames(batch, height * width, spec.objective.stepWeights.length);
  requireRandomness(randomness, batch, spec);
  const fault = method === 'infer' ? inferOptions(options) : undefined;
  if (fault) throw new InputError(faultSentence(fault, 'the options of infer'));
  // What is prepared is looked at by its step.
  if (!checksPixels && method !== 'prepare') requirePixels(batch);
}

/** @throws InputError for what no state of an optimizer is; whether it is this network's, the engine checks */
function requireState(state: unknown): void {
  const { updates, m, v } = (state ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(updates) || (updates as number) < 0) {
    throw new InputError(`the optimizer's updates is ${shownOrMissing(updates)}: give an integer of at least 0.`);
  }
  for (const [name, arrays] of Object.entries({ m, v })) {
    if (typeof arrays === 'object' && arrays !== null) continue;
    throw new InputError(`the optimizer's ${name} is ${shown(arrays)}: give arrays by the parameters' names.`);
  }
}

/**
 * `engine` with checks before each call, so that all engines report invalid arguments in the same way.
 * @throws (its methods) InputError for a batch, shard, randomness, options or state of a wrong type, or a pixel that is NaN or
 *   not in [0, 1]; NetworkError for a batch of another length; DisposedError after `dispose()`
 */
export function guardEngine<E extends Engine>(
  engine: E,
  spec: EngineSpec,
  { checksPixels = false, atOnce = [] }: Guard = {},
): E {
  const throwing = new Set<PropertyKey>([...AT_ONCE, ...atOnce]);
  let isDisposed = false;
  const check = (method: PropertyKey, args: readonly unknown[]) => {
    if (isDisposed) {
      throw new DisposedError(`the engine '${engine.name}' has been disposed of: create another one.`);
    }
    if (ON_A_BATCH.has(method)) requireArguments(spec, checksPixels, method, args);
    if (method === 'setOptimizerState') requireState(args[0]);
  };
  const around = (call: () => unknown, method: PropertyKey, args: readonly unknown[]): unknown => {
    if (method === 'dispose') {
      if (isDisposed) return undefined;
      isDisposed = true;
      return call();
    }
    try {
      check(method, args);
    } catch (error) {
      if (throwing.has(method)) throw error;
      return Promise.reject(error);
    }
    return call();
  };
  return decorateEngine(engine, { around });
}
