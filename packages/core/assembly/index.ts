// AssemblyScript: kernels on the memory of TensorFlow.js's WebAssembly backend, with 128-bit SIMD. `pnpm --filter @nem/core
// generate` compiles them into src/wasm/binary.ts, without and with relaxed SIMD. Addresses are bytes, strides are floats.
// Nothing here allocates: scratch memory comes from the caller.
export { convolution, convolve, convolveInputGradient, convolveKernelGradient } from './convolution';
export { gemm, gemmWork } from './gemm';
export { fillRows } from './memory';
export { eStep, losses, maskedDifference, mixture, predictionGradient, upperLoss } from './mixture';
export { activateAll, activateGradient, normActivate, normActivateGradient } from './norm';
