import { cpus } from 'node:os';
import type { Engine } from '@nem/core';
import * as v from 'valibot';
import { describeEngine } from '../engines/create-engine.js';
import { counted } from '../words.js';

/** What a part of a training was computed with. */
export const machineSchema = v.object({
  /** E.g. `wasm (2 worker threads)`. */
  engine: v.string(),
  /** E.g. `2 cores, Intel(R) Xeon(R) Processor; linux x64, Node 20.19.0`. */
  machine: v.string(),
});

export type Machine = v.InferOutput<typeof machineSchema>;

/** This machine, with an engine on it. */
export function describeMachine(engine: Engine): Machine {
  const cores = cpus();
  const { platform, arch, versions } = process;
  const model = cores[0]?.model.trim().replaceAll(/\s+/g, ' ');
  const processor = [counted(cores.length, 'core'), ...(model ? [model] : [])].join(', ');
  return { engine: describeEngine(engine), machine: `${processor}; ${platform} ${arch}, Node ${versions.node}` };
}
