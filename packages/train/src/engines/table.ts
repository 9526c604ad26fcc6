import { option, RunError, UsageError } from '../errors.js';
import { cpu } from './cpu.js';
import { cuda } from './cuda.js';
import type { EngineDefinition, EngineProbe } from './definition.js';

import { native } from './native.js';
import { tensorflow } from './tensorflow.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

const TABLE = { cuda, webgpu, native, wasm, cpu, tensorflow };

export type EngineName = keyof typeof TABLE;

/** Engines by preference; see {@link isTakenByAuto}. */
export const ENGINES = Object.keys(TABLE) as readonly EngineName[];

/** What is known of the engine `name`. */
export const engineDefinition = (name: EngineName): EngineDefinition => TABLE[name];

/** Whether `auto` may take the engine `name`, of which `probe` was found; it takes the first that it may. */
export const isTakenByAuto = (name: EngineName, { usable, software }: EngineProbe): boolean =>
  usable && !software && !TABLE[name].isOnlyNamed;

/** The engines of which something holds, in words, e.g. `webgpu, native or wasm`. */
export const enginesThat = (holds: (definition: EngineDefinition) => boolean): string =>
  ENGINES.filter((name) => holds(TABLE[name]))
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');

/** Why `auto` does not take an engine. */
function passedOver(name: EngineName, { usable, reason }: EngineProbe): string {
  if (!usable) return `${name}: ${reason}`;
  return `${name}: ${TABLE[name].isOnlyNamed ? 'only where it is named' : 'emulated on the CPU'}`;
}

async function bestEngine(): Promise<EngineName> {
  // A misspelt variant would have auto pass over every engine that has kernels.
  await (await import('./kernels/load.js')).requireKnownVariant();
  const reasons: string[] = [];
  for (const name of ENGINES) {
    const probe = await TABLE[name].probe();
    if (isTakenByAuto(name, probe)) return name;
    reasons.push(passedOver(name, probe));
  }
  const remedy = ['mend one of these, or name an engine with ', option('engine'), '.'];
  throw new RunError(`no engine runs here that auto takes (${reasons.join('; ')})`, remedy);
}

/**
 * The engine that `name` names, or the best of this machine for `auto`.
 * @throws UsageError for an unknown name, and for `auto` where the environment variable `NEM_KERNELS` names no variant; RunError
 *   where `auto` finds none
 */
export async function chooseEngine(name = 'auto'): Promise<EngineName> {
  if (name === 'auto') return bestEngine();
  requireEngineName(name, ['auto']);
  return name;
}

/**
 * @param others that may be used too
 * @throws UsageError for an unknown name
 */
export function requireEngineName(name: string, others: readonly string[] = []): asserts name is EngineName {
  if (ENGINES.some((engine) => engine === name)) return;
  throw new UsageError(`unknown engine '${String(name)}'`, `use ${[...others, ...ENGINES].join(', ')}.`);
}
