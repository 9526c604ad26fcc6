import { setFlagsFromString } from 'node:v8';
import type { Kernels } from './kernels.js';
import { loadNative } from './native.js';
import { loadWasm, wasmVariants } from './wasm.js';

// From version 21 on, Node has relaxed SIMD without a flag; it is tested in older ones too.
if (Number.parseInt(process.versions.node, 10) < 21) setFlagsFromString('--experimental-wasm-relaxed-simd');

/** The addon's variants that this processor has, of those of which an addon is there. */
function nativeKernels(): Kernels[] {
  const loaded = loadNative(undefined);
  if ('reason' in loaded) return [];
  return loaded.available.flatMap((name) => {
    const result = loadNative(name);
    return 'kernels' in result ? [result.kernels] : [];
  });
}

/** All kernels of this machine with names for tests. */
export const allKernels: readonly (readonly [string, Kernels])[] = [
  ...wasmVariants.map((name) => loadWasm(name)),
  ...nativeKernels(),
].map((kernels) => [`${kernels.target} ${kernels.variant}`, kernels]);
