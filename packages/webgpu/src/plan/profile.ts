import { type KernelProfile, sumByKernel } from '@nem/core';
import { PlanError } from '../errors.js';
import { elementAt } from '../required.js';
import { BUFFER_USAGE } from './buffers.js';
import type { Launch } from './launch.js';

/** What {@link profileOf} adds up. */
interface TimedLaunch extends Pick<Launch, 'name' | 'detail' | 'cost' | 'groups'> {
  readonly nanoseconds: number;
}

/** E.g. `12 × 3 workgroups, 84.0 kB`. */
function sizeOf({ groups, cost }: Pick<Launch, 'groups' | 'cost'>): string {
  const last = groups.findLastIndex((count) => count > 1);
  const text = groups.slice(0, Math.max(last, 0) + 1).join(' × ');
  return `${text} ${text === '1' ? 'workgroup' : 'workgroups'}, ${((4 * cost.words) / 1e3).toFixed(1)} kB`;
}

/** Sums of the launches of each kernel and size, the longest first. */
export const profileOf = (launches: readonly TimedLaunch[]): KernelProfile[] =>
  sumByKernel(
    launches.map((launch) => ({
      kernel: launch.name,
      detail: launch.detail ?? sizeOf(launch),
      milliseconds: launch.nanoseconds / 1e6,
      operations: launch.cost.operations ?? 0,
      bytes: 4 * launch.cost.words,
    })),
  );

/** @throws PlanError where the device has no timestamps */
export function requireTimestamps(device: GPUDevice): void {
  if (device.features.has('timestamp-query')) return;
  throw new PlanError(
    "the device has no 'timestamp-query': request it with that feature, or profile on another device.",
  );
}

/** Launches of one query set: WebGPU's limit is 4096 timestamps. */
const MOST_LAUNCHES = 2048;

/**
 * Runs launches in order with a timestamp before and after each; the timestamps slow them down.
 * @param goOn called after each part; it throws where the launches must not be run any more
 */
export async function timeLaunches(
  device: GPUDevice,
  launches: readonly Launch[],
  goOn: () => void,
): Promise<TimedLaunch[]> {
  const timed: TimedLaunch[] = [];
  for (let start = 0; start < launches.length; start += MOST_LAUNCHES) {
    const part = launches.slice(start, start + MOST_LAUNCHES);
    const nanoseconds = await timestamps(device, part);
    goOn();
    for (const [i, launch] of part.entries()) timed.push({ ...launch, nanoseconds: elementAt(nanoseconds, i) });
  }
  return timed;
}

async function timestamps(device: GPUDevice, launches: readonly Launch[]): Promise<Float64Array> {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * launches.length });
  const size = 16 * launches.length;
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = BUFFER_USAGE;
  const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
  const read = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
  try {
    const encoder = device.createCommandEncoder();
    for (const [i, { pipeline, bindings, groups }] of launches.entries()) {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
      const pass = encoder.beginComputePass({ timestampWrites });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, 2 * launches.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(1);
    const stamps = new BigUint64Array(read.getMappedRange());
    return Float64Array.from(launches, (_, i) => Number(elementAt(stamps, 2 * i + 1) - elementAt(stamps, 2 * i)));
  } finally {
    querySet.destroy();
    resolved.destroy();
    read.destroy();
  }
}
