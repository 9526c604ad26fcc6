import { spawnSync } from 'node:child_process';
import { median, type StepTiming, timeSteps } from '../benchmark/step.js';
import { chooseEngine, type EngineName } from '../engine/engine-names.js';
import { createEngine, engineWorkers } from '../engine/engines.js';
import { RunError } from '../errors.js';
import { type Experiment, engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { textTable } from './text-table.js';

export interface BenchArguments {
  readonly engine: string;
  /** Default: one row with one worker and one with a worker a core. */
  readonly workers?: number;
  readonly steps: number;
  readonly set: readonly string[];
  /** A peer's command, run in turn with ours. */
  readonly against?: string;
  readonly json?: boolean;
}

/** A row of the benchmark: our step and, where there is a peer, the ratio of our time to its. */
interface Row extends StepTiming {
  readonly ratio?: number;
  readonly peerMs?: number;
}

/** Rounds in which we and the peer take turns. */
const ROUNDS = 3;
const PEER_RESULT = /median_step_s=([\d.]+)/;

/** `nem bench`: a row an experiment and number of workers, each measured in a process of its own. */
export async function benchCommand(names: readonly string[], options: BenchArguments): Promise<void> {
  const engine = await chooseEngine(options.engine);
  const all = engineWorkers(engine);
  const counts = options.workers ?? (all === undefined || all === 1 ? all : [1, all]);
  const jobs = names.flatMap((name) => {
    withSettings(findExperiment(name), options.set);
    return [counts].flat().map((workers) => ({ name, workers }));
  });
  const rows = jobs.map(({ name, workers }) => measure(name, workers, engine, options));
  if (options.json) for (const row of rows) console.log(JSON.stringify(row));
  else console.log(describe(rows));
}

/** `nem bench-step`: what {@link benchCommand} starts for each of its measurements; prints JSON. */
export async function benchStepCommand(name: string, options: BenchArguments): Promise<void> {
  const experiment: Experiment = withSettings(findExperiment(name), options.set);
  const engineName = await chooseEngine(options.engine);
  const workers = engineWorkers(engineName, options.workers);
  const engine = await createEngine(engineName, engineSpec(experiment), 0, { workers });
  try {
    console.log(JSON.stringify(await timeSteps(experiment, engine, workers, options.steps)));
  } finally {
    engine.dispose();
  }
}

function measure(name: string, workers: number | undefined, engine: EngineName, options: BenchArguments): Row {
  const { against } = options;
  if (against === undefined) return ourStep(name, workers, engine, options);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const ours = ourStep(name, workers, engine, options);
    const peerMs = peerStep(against);
    return { ...ours, peerMs, ratio: ours.stepMs / peerMs };
  });
  const middle = median(rounds.map(({ ratio }) => ratio));
  return rounds.find(({ ratio }) => ratio === middle) as Row;
}

function ourStep(name: string, workers: number | undefined, engine: EngineName, options: BenchArguments): StepTiming {
  const { steps, set } = options;
  const args = ['bench-step', name, '--engine', engine, '--steps', String(steps)];
  if (workers !== undefined) args.push('--workers', String(workers));
  for (const setting of set) args.push('--set', setting);
  const { status, stdout } = spawnSync(process.execPath, [process.argv[1] as string, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new RunError(`the measurement of ${name} ended with exit code ${status}.`);
  return JSON.parse(stdout) as StepTiming;
}

function peerStep(command: string): number {
  const { stdout, stderr, status } = spawnSync(command, { encoding: 'utf8', shell: true });
  const seconds = PEER_RESULT.exec(stdout)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  const said = (stderr || stdout).trim().split('\n').at(-1);
  throw new RunError(
    `--against '${command}' ended with exit code ${status} and no median_step_s=<seconds> (${said}): give a command that prints it.`,
  );
}

function describe(rows: readonly Row[]): string {
  const peer = rows.some(({ ratio }) => ratio !== undefined);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return textTable(
    [
      'experiment',
      'engine',
      'ms a step',
      'samples/s',
      'GFLOP/s',
      'data',
      'noise',
      'peak MiB',
      ...(peer ? ['ratio'] : []),
    ],
    rows.map((row) => [
      row.experiment,
      row.workers === undefined ? row.engine : `${row.engine} × ${row.workers}`,
      row.stepMs.toFixed(0),
      row.samplesPerSecond.toFixed(1),
      row.gflops.toFixed(1),
      percent(row.dataShare),
      percent(row.noiseShare),
      row.peakMemory.toFixed(0),
      ...(row.ratio === undefined ? [] : [row.ratio.toFixed(2)]),
    ]),
  );
}
