export { requestDevice } from './device.js';
export { type CompileSpec, compile, type PlanInfo, type WebGpuEngine } from './engine.js';
export { DeviceLostError, OutOfMemoryError, PlanError, ShaderError } from './errors.js';
export type { KernelTime } from './plan/program.js';
