import { setFlagsFromString } from 'node:v8';

/** The first Node whose V8 compiles relaxed SIMD without being asked to. */
const FIRST_WITHOUT_FLAG = 21;

/**
 * Lets WebAssembly modules that are compiled from now on use relaxed SIMD, fused multiply-add above all, which V8 in Node 20 has
 * behind a flag. Newer ones need nothing.
 */
export function allowRelaxedSimd(): void {
  if (Number.parseInt(process.versions.node, 10) < FIRST_WITHOUT_FLAG)
    setFlagsFromString('--experimental-wasm-relaxed-simd');
}
