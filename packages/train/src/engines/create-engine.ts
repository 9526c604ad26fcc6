import { availableParallelism } from 'node:os';
import { type Engine, type EngineSpec, requireEngineSpec } from '@nem/core';
import { deriveKey } from '@nem/random';
import { option, type Remedy, RunError, UsageError } from '../errors.js';
import { smallerNetwork } from '../experiments/smaller-network.js';
import { type Names, requireOptions } from '../require-options.js';
import { BUNDLED } from '../system/assets.js';
import type { EngineDefinition, EngineOptions } from './definition.js';
import { PRECISIONS, type Precision } from './precision.js';
import { type EngineName, engineDefinition, enginesThat, requireEngineName } from './table.js';

const NAMES: Names<EngineOptions> = { workers: true, precision: true };

/** What mends an option that an engine does not have: another engine. */
const orAnother = (holds: (definition: EngineDefinition) => boolean) => [
  ', or add ',
  option('engine', enginesThat(holds)),
  '.',
];

/**
 * Worker threads of the engine `name`: as many as asked for, or one a core; undefined where it has none.
 * @throws UsageError for a number of threads of an engine that has none
 */
export function engineWorkers(name: EngineName, workers?: number): number | undefined {
  if (engineDefinition(name).threads === 'workers') return workers ?? availableParallelism();
  if (workers === undefined) return undefined;
  throw new UsageError(`the engine '${name}' has no worker threads`, [
    'leave out ',
    option('workers'),
    ...orAnother(({ threads }) => threads === 'workers'),
  ]);
}

/**
 * What the engine `name` computes products in; undefined for float32, which all do.
 * @throws UsageError for a precision that there is not, and for an engine that cannot, or cannot here
 */
export async function enginePrecision(
  name: EngineName,
  precision: Precision = 'float32',
): Promise<Precision | undefined> {
  if (!PRECISIONS.includes(precision)) {
    throw new UsageError(`the precision is ${JSON.stringify(precision)}`, `give one of ${PRECISIONS.join(', ')}.`);
  }
  if (precision === 'float32') return undefined;
  const has = ({ precisions }: EngineDefinition) => precisions.includes(precision);
  const definition = engineDefinition(name);
  if (!has(definition)) {
    // A command may have several options for it.
    throw new UsageError(`the engine '${name}' does not compute in ${precision}`, ['leave it out', ...orAnother(has)]);
  }
  await definition.requirePrecision?.(precision);
  return precision;
}

/** No machine has more cores than this, and each thread takes memory and time to start. */
const MOST_WORKERS = 1024;

/** @throws UsageError unless it is left out or an integer from 1 to 1024 */
function requireWorkers(workers: unknown): void {
  if (workers === undefined) return;
  if (Number.isInteger(workers) && (workers as number) >= 1 && (workers as number) <= MOST_WORKERS) return;
  throw new UsageError(
    `the number of worker threads is ${JSON.stringify(workers)}`,
    `give an integer from 1 to ${MOST_WORKERS}.`,
  );
}

/** What mends that a network does not fit into memory; each worker thread has its own. */
function smaller({ network }: EngineSpec, workers = 1): Remedy {
  const fewer = workers > 1 ? [', or lower ', option('workers')] : [];
  return [...smallerNetwork(network), ...fewer, '.'];
}

/** An engine's name and what it runs on, e.g. `wasm (2 worker threads)`. */
export const describeEngine = ({ name, device }: Engine): string => (device ? `${name} (${device})` : name);

/**
 * Makes an engine; loads only what it needs.
 * @param seed of the parameters' start
 * @throws UsageError for an unknown engine or option, and for a number of threads or a precision that there cannot be or that the
 *   engine does not have; NetworkError, InputError or RangeError for what it cannot be made for
 * @throws RunError where the engine does not start on this machine
 */
export async function createEngine(
  name: EngineName,
  spec: EngineSpec,
  seed: number,
  options: EngineOptions = {},
): Promise<Engine> {
  requireEngineName(name);
  requireOptions(options, 'createEngine', NAMES);
  requireWorkers(options.workers);
  requireEngineSpec(spec);
  const key = deriveKey(seed, 'parameters');
  const definition = engineDefinition(name);
  if (BUNDLED && !definition.isBundled) {
    const bundled = enginesThat(({ isBundled }) => isBundled);
    throw new RunError(`the bundled command has no engine '${name}'`, [
      'use ',
      option('engine', bundled),
      ', or install @nem/train.',
    ]);
  }
  const workers = engineWorkers(name, options.workers);
  const precision = await enginePrecision(name, options.precision);
  try {
    return await definition.create(spec, key, { workers, precision });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reason = `the network and its optimizer do not fit into memory (${error.message})`;
    throw new RunError(reason, smaller(spec, workers));
  }
}
