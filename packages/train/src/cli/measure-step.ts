import type { Peer } from '../benchmark/peer.js';
import { median, type StepTiming } from '../benchmark/step.js';
import type { Precision } from '../engines/precision.js';
import type { EngineName } from '../engines/table.js';
import { RunError } from '../errors.js';
import type { Experiment } from '../experiments/index.js';
import { runProgram } from '../system/program.js';
import type { BenchRow } from './bench-table.js';

export interface BenchArguments {
  /** Default: `auto`. */
  readonly engine?: string;
  /** Default: one row with one worker and one with a worker a core. */
  readonly workers?: number;
  /** Default: float32. */
  readonly precision?: Precision;
  readonly steps: number;
  readonly set: readonly string[];
  /** A peer's command, run in turn with ours. Default: PyTorch where a Python has it */
  readonly against?: string;
  /** False: no peer. */
  readonly peer?: boolean;
  /** Compares with PyTorch's compiled step too. */
  readonly torchCompile?: boolean;
  readonly json?: boolean;
}

/** One measurement of the benchmark. */
export interface BenchJob {
  /** As it was named: an experiment of the list, or a file. */
  readonly name: string;
  readonly experiment: Experiment;
  readonly engine: EngineName;
  readonly workers: number | undefined;
}

/** Rounds in which we and the peer take turns. */
const ROUNDS = 3;

/** Our step, or the middle one of several rounds in turn with a peer's; each in a process of its own. */
export async function measure(
  job: BenchJob,
  peer: Peer | undefined,
  options: BenchArguments,
  abort: AbortSignal,
): Promise<BenchRow> {
  if (!peer) return ourStep(job, options, abort);
  const { steps, torchCompile: compile } = options;
  const rounds: (BenchRow & { readonly ratio: number })[] = [];
  while (rounds.length < ROUNDS) {
    const ours = await ourStep(job, options, abort);
    const theirs = await peer({ ...job, steps, compile });
    const { compiledMs } = theirs;
    const compiledRatio = compiledMs === undefined ? undefined : ours.stepMs / compiledMs;
    rounds.push({ ...ours, ...theirs, ratio: ours.stepMs / theirs.peerMs, compiledRatio });
  }
  const middle = median(rounds.map(({ ratio }) => ratio));
  return rounds.find(({ ratio }) => ratio === middle) as BenchRow;
}

async function ourStep(
  { name, engine, workers }: BenchJob,
  { steps, set, precision }: BenchArguments,
  abort: AbortSignal,
): Promise<StepTiming> {
  const args = ['bench-step', name, '--engine', engine, '--steps', String(steps)];
  if (precision !== undefined) args.push('--precision', precision);
  if (workers !== undefined) args.push('--workers', String(workers));
  for (const setting of set) args.push('--set', setting);
  const program = [process.argv[1] as string, ...args];
  const { status, signal, stdout } = await runProgram(process.execPath, program, { abort, stderr: 'show' });
  if (status !== 0) throw new RunError(`the measurement of ${name} ended with ${signal ?? `exit code ${status}`}.`);
  return JSON.parse(stdout) as StepTiming;
}
