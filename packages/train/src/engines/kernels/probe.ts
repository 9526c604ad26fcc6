import { availableParallelism } from 'node:os';
import { ExplainedError } from '../../errors.js';
import { BUNDLED } from '../../system/assets.js';
import { counted } from '../../words.js';
import type { EngineProbe } from '../definition.js';
import { type KernelTarget, loadKernels } from './load.js';

/** What the kernels of each target are called. */
const NAMES: Record<KernelTarget, string> = { native: 'native code', wasm: 'WebAssembly' };

/** Whether the kernels of a target load here, and in which variant. */
export async function probeKernels(target: KernelTarget): Promise<EngineProbe> {
  if (BUNDLED && target === 'native') {
    return { usable: false, reason: `the bundled command has no engine ${target}`, remedy: 'npm install @nem/train' };
  }
  try {
    const { variant, precisions } = await loadKernels(target);
    const others = precisions.filter((name) => name !== 'float32').map((name) => `, also in ${name}`);
    const cores = counted(availableParallelism(), 'core');
    return { usable: true, device: `CPU, ${cores}, ${NAMES[target]} (${variant}${others.join('')})` };
  } catch (error) {
    if (!(error instanceof ExplainedError) || error.remedy === undefined) throw error;
    return { usable: false, reason: error.reason, remedy: error.remedy };
  }
}
