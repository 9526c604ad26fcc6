import { PlanError } from '../errors.js';
import type { PlanBuilder, Storage } from './builder.js';

/** The numbers of a plan that its user can lower. */
export interface PlanSize {
  readonly batch: number;
  readonly components: number;
  readonly steps: number;
}

const FLEXIBLE = ['batch', 'components', 'steps'] as const;
const NAMES = { batch: 'the batch', components: 'the components', steps: 'the steps' } as const;

/** The first of batch, components and steps that makes `size` times `factor` small enough, as advice. */
function advice(size: PlanSize, factor: number): string {
  for (const name of FLEXIBLE) {
    const fitting = Math.floor(size[name] * factor);
    if (fitting >= 1) return `lower ${NAMES[name]} from ${size[name]} to ${fitting}`;
  }
  return 'make the layers smaller';
}

/**
 * Checks buffers that grow with the network alone.
 * @throws PlanError where one is larger than the device allows
 */
export function requireParameterLimits(storages: readonly Storage[], limits: GPUSupportedLimits): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const { label, elements } of storages) {
    if (elements * 4 <= most) continue;
    throw new PlanError(
      `the buffer '${label}' takes ${elements * 4} bytes but the device allows ${most}: make the layers smaller.`,
    );
  }
}

/**
 * Checks a plan against a device's limits.
 * @throws PlanError that names the number to lower
 */
export function requireLimits({ storages, sections }: PlanBuilder, limits: GPUSupportedLimits, size: PlanSize): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const { label, elements } of storages) {
    if (elements * 4 <= most) continue;
    throw new PlanError(
      `the buffer '${label}' takes ${elements * 4} bytes but the device allows ${most}: ${advice(size, most / (elements * 4))}.`,
    );
  }
  const allowed = limits.maxComputeWorkgroupsPerDimension;
  for (const { kernel, groups } of Object.values(sections).flat()) {
    const wanted = Math.max(...groups);
    if (wanted <= allowed) continue;
    throw new PlanError(
      `the kernel '${kernel.name}' takes ${wanted} workgroups in one dimension but the device allows ${allowed}: ${advice(size, allowed / wanted)}.`,
    );
  }
}
