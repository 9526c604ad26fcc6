import { UsageError } from '../errors.js';

/** Engines by preference; `auto` takes the first that is usable. */
export const ENGINES = ['cuda', 'webgpu', 'native', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * The engine that `name` names, or the best of this machine for `auto`.
 * @throws UsageError for an unknown name
 */
export async function chooseEngine(name = 'auto'): Promise<EngineName> {
  if (name === 'auto') {
    // Loaded only here: probes load libtensorflow.
    const { probes } = await import('./probe/index.js');
    for (const engine of ENGINES) {
      const { usable, software } = await probes[engine]();
      if (usable && !software) return engine;
    }
  }
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new UsageError(`unknown engine '${name}': use auto, ${ENGINES.join(', ')}.`);
  return known;
}
