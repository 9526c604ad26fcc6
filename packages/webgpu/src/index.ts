export type { KernelProfile } from '@nem/core';
export { type Ceilings, measureCeilings } from './ceilings/ceilings.js';
export type { CopyCeiling } from './ceilings/copy.js';
export type { ProductAttempt, ProductCeiling, ProductForm } from './ceilings/square-product.js';
export { pauseDawnPolling } from './dawn-polling.js';
export { requestDevice } from './device.js';
export { compile } from './engine.js';
export { DeviceLostError, OutOfMemoryError, PlanError, ShaderError } from './errors.js';
export type { CompileSpec, PlanInfo, WebGpuEngine } from './spec.js';
