import { deriveKey } from '@nem/random';
import { byEngine } from './by-engine.js';
import { optional } from './optional.js';
import type { EngineDefinition } from './unroller.js';

type Library = typeof import('@nem/kernels');
type Kernels = Awaited<ReturnType<Library['loadWasm']>>;

/** This project's kernels, of a target that `load` gives where it is there. */
const onKernels = (name: string, needs: string, load: () => Promise<Kernels | undefined>): EngineDefinition => ({
  needs: `npm install @nem/kernels, ${needs}`,
  startsQuickly: true,
  async load() {
    const engine = await optional<typeof import('@nem/kernels/engine')>('@nem/kernels/engine');
    const kernels = engine && (await load());
    if (!engine || !kernels) return undefined;
    return byEngine(
      name,
      (spec) => engine.createKernelEngine(kernels, spec, deriveKey(0, 'parameters')),
      (description, parameters) => engine.createKernelStep(kernels, description, parameters),
    );
  },
});

/** Compiled for this machine's processor, under Node. */
export const native = onKernels('native', "and Node with the package's compiled file for this processor", async () => {
  if (globalThis.process?.getBuiltinModule === undefined) return undefined;
  const library = await optional<typeof import('@nem/kernels/native')>('@nem/kernels/native');
  const result = library?.loadNative();
  return result && 'kernels' in result ? result.kernels : undefined;
});

/** Compiled for WebAssembly. */
export const wasm = onKernels('wasm', 'and WebAssembly with vectors', async () => {
  try {
    return await (await optional<Library>('@nem/kernels'))?.loadWasm();
  } catch {
    // No WebAssembly, or none with vectors.
    return undefined;
  }
});
