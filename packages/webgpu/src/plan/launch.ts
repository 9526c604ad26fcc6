import type { Groups } from './builder.js';
import type { Cost } from './kernel.js';

/** A kernel launch on a device: its pipeline is compiled, and its buffers are bound. */
export interface Launch {
  readonly name: string;
  /** The kernel's detail. */
  readonly detail?: string;
  readonly cost: Cost;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly groups: Groups;
}
