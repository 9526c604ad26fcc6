import { type Launching, PlanBuilder, type Views } from '../plan/builder.js';
import type { Kernel } from '../plan/kernel.js';
import { Pipelines } from '../plan/pipelines.js';
import { Program } from '../plan/program.js';
import { ReadBack } from '../read-back.js';

/** A launch of one kernel alone. */
interface Trial<Binding extends string, Argument extends string = never> {
  readonly kernel: Kernel<Binding, Argument>;
  readonly launching: Launching<NoInfer<Argument>>;
  /** What is in the buffer of each binding before. */
  readonly buffers: { readonly [name in NoInfer<Binding>]: Float32Array };
}

/** A plan of one launch, and its buffers, which are labelled as their bindings are named. */
export function planOf<Binding extends string, Argument extends string = never>({
  kernel,
  launching,
  buffers,
}: Trial<Binding, Argument>) {
  const builder = new PlanBuilder();
  const names = Object.keys(kernel.bindings) as Binding[];
  const storages = names.map((name) => builder.storage(name, buffers[name].length));
  const views = Object.fromEntries(storages.map((storage) => [storage.label, { storage, offset: 0 }]));
  builder.dispatch(kernel, views as Views<Binding>, launching);
  return { builder, storages };
}

/** Launches a kernel; gives what is in its buffers then. */
export async function launch<Binding extends string, Argument extends string = never>(
  device: GPUDevice,
  trial: Trial<Binding, Argument>,
): Promise<Record<Binding, Float32Array>> {
  const { builder, storages } = planOf(trial);
  const program = await Program.create(device, builder, new Map(), new Pipelines(device, false));
  for (const storage of storages) {
    const values = trial.buffers[storage.label as Binding] as Float32Array<ArrayBuffer>;
    device.queue.writeBuffer(program.buffer(storage), 0, values);
  }
  const encoder = device.createCommandEncoder();
  program.encode(encoder, ['forward']);
  const wholes = storages.map((storage) => ({ storage, start: 0, length: storage.elements }));
  const found = await new ReadBack(device).submit(encoder, wholes, (storage) => program.buffer(storage));
  program.destroy();
  return Object.fromEntries(storages.map(({ label }, i) => [label, found[i]])) as Record<Binding, Float32Array>;
}
