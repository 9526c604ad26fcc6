export type { Arena, Kernels, Precision } from './kernels.js';
export { precisions } from './kernels.js';
export { KernelsError } from './kernels-error.js';
export type {
  Epilogue,
  Operand,
  Output,
  PackOperation,
  PatchOperand,
  ProductOnceOperation,
  ProductOperation,
  StridedOperand,
} from './operations.js';
export { pack, product, productOnce } from './operations.js';
export type { WasmVariant } from './wasm.js';
export { loadWasm, wasmVariants } from './wasm.js';
