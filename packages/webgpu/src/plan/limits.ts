import { PlanError } from '../errors.js';
import type { PlanBuilder, Storage } from './builder.js';

/** The numbers of a plan that a user can lower. */
interface PlanSize {
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
 * Checks the buffers whose size depends only on the network.
 * @throws PlanError if one is larger than the device allows
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
 * @throws PlanError for what exceeds a limit most; it names the number to lower
 */
export function requireLimits({ storages, sections }: PlanBuilder, limits: GPUSupportedLimits, size: PlanSize): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const groups = limits.maxComputeWorkgroupsPerDimension;
  const needs = [
    ...storages.map(({ label, elements }) => ({
      what: `the buffer '${label}'`,
      needs: elements * 4,
      unit: 'bytes',
      most,
    })),
    ...Object.values(sections)
      .flat()
      .map((launch) => ({
        what: `the kernel '${launch.kernel.name}'`,
        needs: Math.max(...launch.groups),
        unit: 'workgroups in one dimension',
        most: groups,
      })),
  ];
  const worst = needs.reduce((a, b) => (b.needs / b.most > a.needs / a.most ? b : a));
  if (worst.needs <= worst.most) return;
  throw new PlanError(
    `${worst.what} takes ${worst.needs} ${worst.unit} but the device allows ${worst.most}: ${advice(size, worst.most / worst.needs)}.`,
  );
}

/** Most launches of a plan. A million take about 1 GB of JavaScript's memory, which is often all of it. */
const MOST_LAUNCHES = 1_000_000;

/**
 * Checks the number of a plan's launches before the plan is built: too many exhaust the memory of JavaScript.
 * @throws PlanError that names the steps to lower: the launches grow with them
 */
export function requireLaunches(launches: number, steps: number): void {
  if (launches <= MOST_LAUNCHES) return;
  const fitting = Math.max(1, Math.floor((steps * MOST_LAUNCHES) / launches));
  throw new PlanError(
    `the plan has about ${launches} launches but ${MOST_LAUNCHES} are allowed: lower the steps from ${steps} to ${fitting}.`,
  );
}
