import { availableParallelism } from 'node:os';
import { type EngineName, engineDefinition } from '../engines/table.js';
import { option, RunError, type Words } from '../errors.js';
import type { Experiment } from '../experiments/index.js';
import { runProgram } from '../system/program.js';
import { findTorch, NO_TORCH, type TorchSetting, timeTorch } from './pytorch.js';

/** What our engine is compared with: one measurement of it. */
export interface PeerTiming {
  /** Of one training step, in milliseconds. */
  readonly peerMs: number;
  /** E.g. `PyTorch 2.4.0+cpu`; for a command of the user's, the command. */
  readonly peer: string;
  readonly peerThreads?: number;
  /** Where PyTorch computed. */
  readonly peerDevice?: string;
  /** Largest resident set of its process, in MiB. */
  readonly peerMemory?: number;
  /** Of one training step compiled by torch.compile, in milliseconds; and of the first one, with what torch had not compiled before. */
  readonly compiledMs?: number;
  readonly compiledFirstMs?: number;
  /** Why there is no compiled step, where one was asked for. */
  readonly compileError?: string;
}

/** What {@link Peer} is to compute as. */
export interface PeerJob {
  readonly experiment: Experiment;
  readonly engine: EngineName;
  readonly workers: number | undefined;
  readonly steps: number;
  /** Whether PyTorch also compiles its step. */
  readonly compile?: boolean;
}

/** Takes one measurement. */
export type Peer = (job: PeerJob) => Promise<PeerTiming>;

const COMMAND_RESULT = /median_step_s=(\d*\.?\d*(?:e[+-]?\d+)?)/i;

/** A command that prints `median_step_s=<seconds>`. */
export const commandPeer =
  (command: string, abort?: AbortSignal): Peer =>
  async () => {
    const { stdout, stderr, status, signal } = await runProgram(command, [], { shell: true, abort });
    const seconds = Number(COMMAND_RESULT.exec(stdout)?.[1]);
    if (seconds > 0 && Number.isFinite(seconds)) return { peer: command, peerMs: seconds * 1000 };
    const said = (stderr || stdout).trim().split('\n').at(-1);
    throw new RunError(
      [
        option('against'),
        ` '${command}' ended with ${signal ?? `exit code ${status}`} and no median_step_s=<seconds> above 0 (${said})`,
      ],
      'give a command that prints it.',
    );
  };

/** PyTorch computes on what the engine computes on: as many threads as there are workers, or a GPU. */
export function torchSetting({ engine, workers, steps, compile }: Omit<PeerJob, 'experiment'>): TorchSetting {
  const { hardware, threads } = engineDefinition(engine);
  return { device: hardware, threads: workers ?? (threads === 'one' ? 1 : availableParallelism()), steps, compile };
}

/**
 * PyTorch, where there is one; undefined where there is none, which is told.
 * @throws UsageError where `NEM_TORCH_PYTHON` names a Python without torch
 */
export async function torchPeer(tell: (words: Words) => void, abort?: AbortSignal): Promise<Peer | undefined> {
  const torch = await findTorch(process.env, abort);
  if (!torch) {
    tell(NO_TORCH);
    return undefined;
  }
  return async (job) => {
    const timing = await timeTorch(torch, job.experiment, torchSetting(job), abort);
    const { compiled, compileError } = timing;
    return {
      peer: `PyTorch ${timing.torch}`,
      peerMs: timing.seconds * 1000,
      peerThreads: timing.threads,
      peerDevice: timing.device,
      peerMemory: timing.peakMemory ?? undefined,
      ...(compiled && { compiledMs: compiled.seconds * 1000, compiledFirstMs: compiled.firstSeconds * 1000 }),
      ...(compileError !== undefined && { compileError }),
    };
  };
}
