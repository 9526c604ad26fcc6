import { PlanBuilder, type View } from '../plan/builder.js';
import type { Kernel } from '../plan/kernel.js';
import { Pipelines } from '../plan/pipelines.js';
import { Program } from '../plan/program.js';
import { ReadBack } from '../read-back.js';

/** A launch of one kernel alone. */
export interface Trial {
  readonly kernel: Kernel;
  readonly groups: readonly [number, number, number];
  /** What is in each of its buffers before, by their names in the code. */
  readonly buffers: Readonly<Record<string, Float32Array>>;
  readonly extra?: readonly number[];
}

/** A plan of one launch, and its buffers. */
export function planOf({ kernel, groups, buffers, extra }: Trial) {
  const builder = new PlanBuilder();
  const views = Object.keys(kernel.buffers).map(
    (name): View => ({ storage: builder.storage(name, buffers[name].length), offset: 0 }),
  );
  builder.dispatch(kernel, views, groups, extra);
  return { builder, storages: views.map(({ storage }) => storage) };
}

/** Launches a kernel; gives what is in its buffers then. */
export async function launch(device: GPUDevice, trial: Trial): Promise<Record<string, Float32Array>> {
  const { builder, storages } = planOf(trial);
  const program = await Program.create(device, builder, new Map(), new Pipelines(device, false));
  for (const storage of storages) {
    const values = trial.buffers[storage.label] as Float32Array<ArrayBuffer>;
    device.queue.writeBuffer(program.buffer(storage), 0, values);
  }
  const encoder = device.createCommandEncoder();
  program.encode(encoder, ['forward']);
  const wholes = storages.map((storage) => ({ storage, start: 0, length: storage.elements }));
  const found = await new ReadBack(device).submit(encoder, wholes, (storage) => program.buffer(storage));
  program.destroy();
  return Object.fromEntries(storages.map(({ label }, i) => [label, found[i]]));
}
