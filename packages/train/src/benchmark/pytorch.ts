import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { EngineSpec } from '@nem/core';
import { isStill } from '@nem/datasets';
import * as v from 'valibot';
import { option, RunError, UsageError, type Words } from '../errors.js';
import { createDataset, type Experiment, engineSpec } from '../experiments/index.js';
import { torchProgram } from '../system/assets.js';
import { finite, integer, positive } from '../system/numbers.js';
import { runProgram, tryProgram } from '../system/program.js';

/** A Python that imports torch. */
interface TorchPython {
  readonly python: string;
  /** torch's version, e.g. `2.4.0+cpu`. */
  readonly version: string;
}

/** What PyTorch computes on, and with how many threads. */
export interface TorchSetting {
  /** `gpu` is CUDA or Metal where torch has it, else the CPU. */
  readonly device: 'cpu' | 'gpu';
  readonly threads: number;
  /** Steps of which the median is taken. */
  readonly steps: number;
  /** Whether torch.compile's step is timed too, after the eager one. Default false */
  readonly compile?: boolean;
}

const timingSchema = v.object({
  seconds: positive(),
  loss: finite,
  torch: v.string(),
  /** `cpu`, `mps` or the name of a CUDA card. */
  device: v.string(),
  threads: integer(0),
  parameters: integer(0),
  /** MiB of the process; null where the system does not say. */
  peakMemory: v.nullable(finite),
  /** With torch.compile; absent where that was not asked for, or failed. */
  compiled: v.optional(v.object({ seconds: positive(), loss: finite, firstSeconds: finite })),
  /** A sentence. */
  compileError: v.optional(v.string()),
});

/** A training step of the same model in PyTorch. */
type TorchTiming = v.InferOutput<typeof timingSchema>;

/** Said where there is nothing to compare with. */
export const NO_TORCH: Words = [
  'no PyTorch to compare with: pip install torch, or name a Python that has it in NEM_TORCH_PYTHON; ',
  option('no-peer'),
  ' compares with nothing.',
];

/** Looks before it imports, which takes seconds. */
const VERSION = `import importlib.util, sys
if importlib.util.find_spec('torch') is None: sys.exit(3)
import torch
print(torch.__version__)`;

/** `$PYTHON`, then every `python3` and `python` on PATH. */
function pythons({ PYTHON, PATH = '' }: NodeJS.ProcessEnv): string[] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = ['python3', 'python'].flatMap((name) =>
    PATH.split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, `${name}${suffix}`)),
  );
  return [...new Set([...(PYTHON ? [PYTHON] : []), ...onPath.filter((file) => existsSync(file))])];
}

async function torchOf(python: string, abort?: AbortSignal): Promise<TorchPython | undefined> {
  const result = await tryProgram(python, ['-c', VERSION], { abort, stderr: 'drop' });
  return result?.status === 0 ? { python, version: result.stdout.trim() } : undefined;
}

/**
 * The first Python that imports torch: the one that `NEM_TORCH_PYTHON` names, or else `$PYTHON`, or one on PATH.
 * @returns undefined where none does
 * @throws UsageError where `NEM_TORCH_PYTHON` names a Python without torch
 */
export async function findTorch(
  env: NodeJS.ProcessEnv = process.env,
  abort?: AbortSignal,
): Promise<TorchPython | undefined> {
  const named = env.NEM_TORCH_PYTHON;
  if (named) {
    const torch = await torchOf(named, abort);
    if (torch) return torch;
    throw new UsageError(`NEM_TORCH_PYTHON is '${named}', which does not import torch`, 'name a Python that does.');
  }
  for (const python of pythons(env)) {
    const torch = await torchOf(python, abort);
    if (torch) return torch;
  }
  return undefined;
}

/** What an experiment asks of PyTorch: as of an engine, but of a schedule of learning rates the peak, for the few steps that are timed. */
export function torchSpec(experiment: Experiment): EngineSpec {
  const spec = engineSpec(experiment);
  const { learningRate } = experiment;
  const rate = typeof learningRate === 'number' ? learningRate : learningRate.peak;
  return { ...spec, optimizer: { ...spec.optimizer, learningRate: rate } };
}

/** Times training steps of `experiment` in PyTorch, in a process of its own. */
export async function timeTorch(
  { python }: TorchPython,
  experiment: Experiment,
  setting: TorchSetting,
  abort?: AbortSignal,
): Promise<TorchTiming> {
  const still = isStill(await createDataset(experiment, 0, () => undefined));
  const job = { ...setting, batch: experiment.batchSize, still, spec: torchSpec(experiment) };
  const { status, signal, stdout, stderr } = await runProgram(python, [torchProgram(), 'time'], {
    input: JSON.stringify(job),
    abort,
  });
  if (status === 0) return v.parse(timingSchema, JSON.parse(stdout));
  const said = stderr.trim().split('\n').at(-1);
  throw new RunError(
    `PyTorch of ${python} ended with ${signal ?? `exit code ${status}`} on ${experiment.name} (${said})`,
    [option('no-peer'), ' leaves it out.'],
  );
}
