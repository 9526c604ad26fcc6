import type { Kernels } from './kernels.js';
import { loadNative } from './native.js';
import { loadWasm, wasmVariants } from './wasm.js';

/** The addon's variants that this processor has, of those of which an addon is there. */
function nativeKernels(): Kernels[] {
  const loaded = loadNative(undefined);
  if ('reason' in loaded) return [];
  return loaded.available.flatMap((name) => {
    const result = loadNative(name);
    return 'kernels' in result ? [result.kernels] : [];
  });
}

/** WebAssembly's variants that this JavaScript engine compiles. */
function wasmKernels(): Kernels[] {
  return wasmVariants.flatMap((name) => {
    try {
      return [loadWasm(name)];
    } catch {
      return [];
    }
  });
}

/** All kernels of this machine with names for tests. */
export const allKernels: readonly (readonly [string, Kernels])[] = [...wasmKernels(), ...nativeKernels()].map(
  (kernels) => [`${kernels.target} ${kernels.variant}`, kernels],
);
