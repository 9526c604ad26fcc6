import { UsageError } from '../errors.js';

/** Engines by preference; `auto` takes the first. */
export const ENGINES = ['wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * The engine that `name` names, or the best of this machine for `auto`.
 * @throws UsageError for an unknown name
 */
export function chooseEngine(name: string): EngineName {
  if (name === 'auto') return ENGINES[0];
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new UsageError(`unknown engine '${name}': use auto, ${ENGINES.join(' or ')}.`);
  return known;
}
