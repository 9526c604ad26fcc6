import { UsageError } from '../errors.js';
import { cpu } from './cpu.js';
import { cuda } from './cuda.js';
import type { EngineDefinition } from './definition.js';
import { native } from './native.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

const TABLE = { cuda, webgpu, native, wasm, cpu };

export type EngineName = keyof typeof TABLE;

/** Engines by preference; `auto` takes the first that is usable. */
export const ENGINES = Object.keys(TABLE) as readonly EngineName[];

/** What is known of the engine `name`. */
export const engineDefinition = (name: EngineName): EngineDefinition => TABLE[name];

/** The engines of which something holds, in words, e.g. `webgpu or cpu`. */
export const enginesThat = (holds: (definition: EngineDefinition) => boolean): string =>
  ENGINES.filter((name) => holds(TABLE[name])).join(' or ');

/**
 * The engine that `name` names, or the best of this machine for `auto`.
 * @throws UsageError for an unknown name
 */
export async function chooseEngine(name = 'auto'): Promise<EngineName> {
  if (name === 'auto') {
    for (const engine of ENGINES) {
      const { usable, software } = await TABLE[engine].probe();
      if (usable && !software) return engine;
    }
  }
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new UsageError(`unknown engine '${name}'`, `use auto, ${ENGINES.join(', ')}.`);
  return known;
}
