import { ModelError } from '../model-error.js';
import { byEngine, type MakeEngine } from './by-engine.js';
import { native, wasm } from './kernels.js';
import { plain } from './plain.js';
import { tensorflow } from './tensorflow.js';
import type { EngineDefinition, MakeUnroller } from './unroller.js';
import { webgpu } from './webgpu.js';

const TABLE = { native, wasm, tensorflow, webgpu, plain } as const satisfies Record<string, EngineDefinition>;

export type EngineName = keyof typeof TABLE;

/** What computes: the name of an engine, `auto`, or a function that makes one. */
export type EngineChoice = EngineName | 'auto' | MakeEngine;

/** Engines by preference: `auto` is the first that is installed and starts quickly. */
export const engineNames = Object.keys(TABLE) as readonly EngineName[];

async function best(): Promise<MakeUnroller> {
  for (const name of engineNames) {
    const { startsQuickly, load }: EngineDefinition = TABLE[name];
    const make = startsQuickly ? await load() : undefined;
    if (make) return make;
  }
  throw new ModelError('no engine starts here.');
}

/**
 * Loads what computes.
 * @throws ModelError for an unknown name, or an engine that is not installed or cannot run here
 */
export async function loadEngine(choice: EngineChoice): Promise<MakeUnroller> {
  if (typeof choice === 'function') return byEngine('given', choice);
  if (choice === 'auto') return best();
  const definition: EngineDefinition | undefined = Object.hasOwn(TABLE, choice) ? TABLE[choice] : undefined;
  if (!definition) throw new ModelError(`unknown engine '${String(choice)}': use auto, ${engineNames.join(', ')}.`);
  const make = await definition.load();
  if (make) return make;
  throw new ModelError(`the engine '${choice}' cannot run here: it needs ${definition.needs}.`);
}
