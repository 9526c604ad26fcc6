import { cpus } from 'node:os';
import type { Engine } from '@nem/core';
import { z } from 'zod';
import { describeEngine } from '../engines/create-engine.js';
import { counted } from '../words.js';

/** What a part of a training was computed with. */
export const machineSchema = z.object({
  /** E.g. `wasm (2 worker threads)`. */
  engine: z.string(),
  /** E.g. `2 cores, Intel(R) Xeon(R) Processor; linux x64, Node 20.19.0`. */
  machine: z.string(),
});

export type Machine = z.infer<typeof machineSchema>;

/** This machine, with an engine on it. */
export function describeMachine(engine: Engine): Machine {
  const cores = cpus();
  const { platform, arch, versions } = process;
  const model = cores[0]?.model.trim().replaceAll(/\s+/g, ' ');
  const processor = [counted(cores.length, 'core'), ...(model ? [model] : [])].join(', ');
  return { engine: describeEngine(engine), machine: `${processor}; ${platform} ${arch}, Node ${versions.node}` };
}
