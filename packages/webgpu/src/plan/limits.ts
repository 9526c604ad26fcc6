import { PlanError } from '../errors.js';
import type { PlanBuilder, Storage } from './builder.js';

/** The numbers of a plan that a user can lower. */
export interface PlanSize {
  readonly batch: number;
  readonly components: number;
  readonly steps: number;
}

/** A limit of the device that something exceeds. */
export interface Excess {
  /** E.g. `the buffer 'γ'`. */
  readonly what: string;
  readonly needs: number;
  readonly unit: string;
  readonly most: number;
}

const FLEXIBLE = ['batch', 'components', 'steps'] as const;
const NAMES = { batch: 'the batch', components: 'the components', steps: 'the steps' } as const;

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

/** Of what a plan needs, what exceeds a device's limits most; undefined where it fits. */
export function excessOf({ storages, sections }: PlanBuilder, limits: GPUSupportedLimits): Excess | undefined {
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
  return worst.needs <= worst.most ? undefined : worst;
}

/** Plans that are built at most to find a number that fits. */
const TRIES = 8;

/** A number below `from` that fits; undefined where what exceeds the limits does not shrink with it. */
function fittingBelow(
  from: number,
  excess: Excess,
  excessAt: (lower: number) => Excess | undefined,
): number | undefined {
  let at = from;
  let worst = excess;
  for (let tries = 0; tries < TRIES; tries++) {
    at = Math.floor((at * worst.most) / worst.needs);
    if (at < 1) return undefined;
    const next = excessAt(at);
    if (!next) return at;
    if (next.needs / next.most >= worst.needs / worst.most) return undefined;
    worst = next;
  }
  return undefined;
}

/**
 * The error for a plan that exceeds a limit. It names the first of batch, components and steps with which the plan shrinks enough.
 * @param excessAt what a plan of another size exceeds
 */
export function excessError(
  excess: Excess,
  size: PlanSize,
  excessAt: (size: PlanSize) => Excess | undefined,
): PlanError {
  const { what, needs, unit, most } = excess;
  const advice = () => {
    for (const name of FLEXIBLE) {
      const fitting = fittingBelow(size[name], excess, (lower) => excessAt({ ...size, [name]: lower }));
      if (fitting !== undefined) return `lower ${NAMES[name]} from ${size[name]} to ${fitting}`;
    }
    return 'make the layers smaller';
  };
  return new PlanError(`${what} takes ${needs} ${unit} but the device allows ${most}: ${advice()}.`);
}

/**
 * Checks the size of results before they are read back, all in one buffer.
 * @param elements of the results, which grow with the batch
 * @throws PlanError if the buffer is larger than the device allows
 */
export function requireResults(elements: number, batch: number, { maxBufferSize }: GPUSupportedLimits): void {
  const bytes = 4 * elements;
  if (bytes <= maxBufferSize) return;
  const fitting = Math.floor((batch * maxBufferSize) / bytes);
  const advice = fitting < 1 ? 'ask for the last step only' : `lower the batch from ${batch} to ${fitting}`;
  throw new PlanError(`the results take ${bytes} bytes but the device allows ${maxBufferSize}: ${advice}.`);
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
