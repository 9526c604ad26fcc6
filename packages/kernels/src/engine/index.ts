/** The training step of @nem/core's networks as a fixed program on the kernels: an engine of one thread. */

export type { KernelProfile } from '@nem/core';
export { type AdamArrays, type AdamUpdate, createAdamUpdate } from './adam.js';
export { type KernelCeilings, measureCeilings } from './ceilings.js';
export { createKernelEngine, type KernelEngine, type KernelEngineOptions, type PlanInfo } from './engine.js';
export { createKernelStep } from './step.js';
