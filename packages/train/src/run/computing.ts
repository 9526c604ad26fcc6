import { enginePrecision, engineWorkers } from '../engines/create-engine.js';
import type { Precision } from '../engines/precision.js';
import { chooseEngine, type EngineName, engineDefinition, enginesThat } from '../engines/table.js';
import { option, UsageError } from '../errors.js';
import type { RunConfig } from './run-config.js';

/** What is asked to compute a run. */
interface AskedComputing {
  readonly engine?: string;
  readonly workers?: number;
  readonly precision?: Precision;
}

/** What computes a run: others give other bits. */
type Computing = Pick<RunConfig, 'workers' | 'kernels' | 'precision'> & { readonly engine: EngineName };

/**
 * What computes a new run. By default that is the best engine of this machine, with one worker a core where it has any, in float32.
 * @throws UsageError for an engine that there is not, or that has no workers or does not compute in a precision
 */
export async function computingOf(asked: AskedComputing): Promise<Computing> {
  const engine = await chooseEngine(asked.engine);
  const workers = engineWorkers(engine, asked.workers);
  const precision = await enginePrecision(engine, asked.precision);
  return { engine, workers, kernels: await engineDefinition(engine).kernels?.(), precision };
}

/**
 * The engine for a run that exists, and its workers: those that are asked for, else those that it was trained with.
 * @throws UsageError for an engine that there is not, and for workers that are asked of one without any
 */
export async function engineOfRun(config: RunConfig, asked: Omit<AskedComputing, 'precision'>) {
  const engine = await chooseEngine(asked.engine ?? config.engine);
  // An engine without workers refuses a number that is asked for, but not the one of the engine before it.
  const hasWorkers = engineDefinition(engine).threads === 'workers';
  return { engine, workers: engineWorkers(engine, asked.workers ?? (hasWorkers ? config.workers : undefined)) };
}

/**
 * What computes a run that goes on: what is asked for, else what has computed it so far, with the kernels of this machine.
 * @throws UsageError for an engine that there is not, or that has no workers or does not compute in the run's precision
 */
export async function resumedComputing(
  config: RunConfig,
  asked: Omit<AskedComputing, 'precision'>,
): Promise<Computing> {
  const { engine, workers } = await engineOfRun(config, asked);
  const { precision } = config;
  if (precision && !engineDefinition(engine).precisions.includes(precision)) {
    const others = enginesThat(({ precisions }) => precisions.includes(precision));
    throw new UsageError(`the run computes in ${precision}, and the engine '${engine}' does not`, [
      'use ',
      option('engine', others),
      '.',
    ]);
  }
  return computingOf({ engine, workers, precision });
}

/** In which ways a run is computed otherwise than so far. */
function changesOf(before: RunConfig, now: Computing): string[] {
  if (now.engine !== before.engine) return [`the engine is ${now.engine}, and so far was ${before.engine}`];
  const changes: string[] = [];
  // A run of an older version does not say how many it had.
  if (before.workers !== undefined && now.workers !== before.workers) {
    changes.push(`the number of worker threads is ${now.workers}, and so far was ${before.workers}`);
  }
  if (now.kernels !== undefined && now.kernels !== before.kernels) {
    changes.push(`the kernels are ${now.kernels}, and so far were ${before.kernels ?? 'those of an older version'}`);
  }
  return changes;
}

/** A run that goes on with what computes it now; where that is not what has computed it so far, it is told. */
export function withComputing(config: RunConfig, now: Computing, tell: (sentence: string) => void): RunConfig {
  const changes = changesOf(config, now);
  if (changes.length === 0) return config;
  tell(`${changes.join('; ')}: results will differ in their last bits from those without the change.`);
  return { ...config, ...now };
}
