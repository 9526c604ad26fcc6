/** What computes in a page, by preference, and how the page says so. */
export const COMPUTES = {
  webgpu: { label: 'WebGPU', said: 'on the graphics processor, by @nem/webgpu' },
  wasm: { label: 'WebAssembly', said: 'in WebAssembly, by @nem/kernels' },
  plain: { label: 'TypeScript', said: 'in plain TypeScript, by @nem/core' },
} as const;

export type ComputeName = keyof typeof COMPUTES;

/** `auto`: WebGPU for convolutions where there is a GPU, else WebAssembly, else TypeScript. */
export type ComputeChoice = ComputeName | 'auto';

export const computeNames = Object.keys(COMPUTES) as readonly ComputeName[];
