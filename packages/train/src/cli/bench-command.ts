import pc from 'picocolors';
import { commandPeer, type Peer, torchPeer } from '../benchmark/peer.js';
import { median, type StepTiming, timeSteps } from '../benchmark/step.js';
import { createEngine, engineFloat16, engineWorkers } from '../engines/create-engine.js';
import { chooseEngine, type EngineName } from '../engines/table.js';
import { RunError, UsageError } from '../errors.js';
import { type Experiment, engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { runProgram } from '../system/program.js';
import { type BenchRow, benchTable, engineLabel } from './bench-table.js';
import { interruptible } from './interruption.js';

export interface BenchArguments {
  /** Default: `auto`. */
  readonly engine?: string;
  /** Default: one row with one worker and one with a worker a core. */
  readonly workers?: number;
  /** Products of the forward half in half precision. */
  readonly float16?: boolean;
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
interface Job {
  readonly experiment: Experiment;
  readonly engine: EngineName;
  readonly workers: number | undefined;
}

/** Rounds in which we and the peer take turns. */
const ROUNDS = 3;

async function choosePeer(options: BenchArguments, abort: AbortSignal): Promise<Peer | undefined> {
  const { against, peer, torchCompile } = options;
  if (torchCompile && (against !== undefined || peer === false)) {
    throw new UsageError('--torch-compile is of the peer PyTorch', 'leave out --against and --no-peer.');
  }
  if (against === undefined) return peer === false ? undefined : torchPeer(abort);
  if (peer === false) throw new UsageError('--against names a peer and --no-peer has none', 'leave out one of them.');
  if (against.trim() === '') throw new UsageError('--against is empty', 'give a command, or --no-peer.');
  return commandPeer(against, abort);
}

/** `nem bench`: a row an experiment and number of workers, each measured in a process of its own. */
export async function benchCommand(names: readonly string[], options: BenchArguments): Promise<void> {
  const engine = await chooseEngine(options.engine);
  const most = engineWorkers(engine, options.workers);
  engineFloat16(engine, options.float16);
  const counts = options.workers === undefined && most !== undefined && most > 1 ? [1, most] : most;
  const jobs = names.flatMap((name) => {
    const experiment = withSettings(findExperiment(name), options.set);
    return [counts].flat().map((workers): Job => ({ experiment, engine, workers }));
  });
  const rows: BenchRow[] = [];
  try {
    await interruptible('the measurement ends', 'give the same command again.', async ({ abort }) => {
      const peer = await choosePeer(options, abort);
      for (const job of jobs) {
        if (process.stderr.isTTY) console.error(pc.dim(`measuring ${job.experiment.name}, ${engineLabel(job)} …`));
        const row = await measure(job, peer, options, abort);
        if (row.compileError !== undefined) console.error(row.compileError);
        if (options.json) console.log(JSON.stringify(row));
        rows.push(row);
      }
    });
  } finally {
    // Where it was stopped, what it has measured.
    if (!options.json && rows.length > 0) console.log(benchTable(rows));
  }
}

/** `nem bench-step`: what {@link benchCommand} starts for each of its measurements; prints JSON. */
export async function benchStepCommand(name: string, options: BenchArguments): Promise<void> {
  const experiment: Experiment = withSettings(findExperiment(name), options.set);
  const engineName = await chooseEngine(options.engine);
  const workers = engineWorkers(engineName, options.workers);
  const float16 = engineFloat16(engineName, options.float16);
  const engine = await createEngine(engineName, engineSpec(experiment), 0, { workers, float16 });
  try {
    console.log(JSON.stringify({ ...(await timeSteps(experiment, engine, workers, options.steps)), float16 }));
  } finally {
    engine.dispose();
  }
}

async function measure(
  job: Job,
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
  { experiment: { name }, engine, workers }: Job,
  { steps, set, float16 }: BenchArguments,
  abort: AbortSignal,
): Promise<StepTiming> {
  const args = ['bench-step', name, '--engine', engine, '--steps', String(steps)];
  if (float16) args.push('--float16');
  if (workers !== undefined) args.push('--workers', String(workers));
  for (const setting of set) args.push('--set', setting);
  const program = [process.argv[1] as string, ...args];
  const { status, signal, stdout } = await runProgram(process.execPath, program, { abort, stderr: 'show' });
  if (status !== 0) throw new RunError(`the measurement of ${name} ended with ${signal ?? `exit code ${status}`}.`);
  return JSON.parse(stdout) as StepTiming;
}
