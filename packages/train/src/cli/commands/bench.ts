import { Command } from 'commander';
import { commandPeer, type Peer, torchPeer } from '../../benchmark/peer.js';
import { timeSteps } from '../../benchmark/step.js';
import { createEngine, enginePrecision, engineWorkers } from '../../engines/create-engine.js';
import { chooseEngine, engineDefinition } from '../../engines/table.js';
import { remedyText, UsageError, type Words } from '../../errors.js';
import { engineSpec, withSettings } from '../../experiments/index.js';
import { openExperiment } from '../../experiments/open-experiment.js';
import { coloursOf } from '../../terminal/terminal.js';
import { type BenchRow, benchTable, engineLabel } from '../bench-table.js';
import { commandWords } from '../command-words.js';
import { interruptible } from '../interruption.js';
import { type BenchArguments, type BenchJob, measure } from '../measure-step.js';
import { atLeastOne, engineOption, float16Option, precisionOption, setOption, workersOption } from '../options.js';

const tell = (words: Words) => console.error(remedyText(words, commandWords));

async function choosePeer(options: BenchArguments, abort: AbortSignal): Promise<Peer | undefined> {
  const { against, peer, torchCompile } = options;
  if (torchCompile && (against !== undefined || peer === false)) {
    throw new UsageError('--torch-compile needs PyTorch as the peer', 'leave out --against and --no-peer.');
  }
  if (against === undefined) return peer === false ? undefined : torchPeer(tell, abort);
  if (peer === false) throw new UsageError('--against names a peer and --no-peer has none', 'leave out one of them.');
  if (against.trim() === '') throw new UsageError('--against is empty', 'give a command, or --no-peer.');
  return commandPeer(against, abort);
}

/** A row an experiment and number of workers, each measured in a process of its own. */
async function runBench(names: readonly string[], options: BenchArguments): Promise<void> {
  const engine = await chooseEngine(options.engine);
  const most = engineWorkers(engine, options.workers);
  await enginePrecision(engine, options.precision);
  const counts = options.workers === undefined && most !== undefined && most > 1 ? [1, most] : most;
  const jobs: BenchJob[] = [];
  for (const name of names) {
    const experiment = withSettings((await openExperiment(name)).experiment, options.set);
    for (const workers of [counts].flat()) jobs.push({ name, experiment, engine, workers });
  }
  const rows: BenchRow[] = [];
  try {
    await interruptible('the measurement ends', 'give the same command again.', async ({ abort }) => {
      const peer = await choosePeer(options, abort);
      for (const job of jobs) {
        if (process.stderr.isTTY)
          console.error(coloursOf(process.stderr).dim(`measuring ${job.experiment.name}, ${engineLabel(job)} …`));
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

/** One measurement; prints JSON. */
async function runBenchStep(name: string, options: BenchArguments): Promise<void> {
  const experiment = withSettings((await openExperiment(name)).experiment, options.set);
  const engineName = await chooseEngine(options.engine);
  const workers = engineWorkers(engineName, options.workers);
  const precision = await enginePrecision(engineName, options.precision);
  const engine = await createEngine(engineName, engineSpec(experiment), 0, { workers, precision });
  try {
    const timing = await timeSteps(experiment, engine, workers, options.steps);
    const kernels = await engineDefinition(engineName).kernels?.();
    console.log(JSON.stringify({ ...timing, precision, kernels }));
  } finally {
    engine.dispose();
  }
}

const withBenchOptions = (command: Command): Command =>
  command
    .addOption(engineOption())
    .addOption(workersOption('one, and one a core'))
    .addOption(precisionOption())
    .addOption(float16Option())
    .option('--steps <n>', 'steps of which the median is taken', atLeastOne, 5)
    .addOption(setOption());

async function run(names: readonly string[], options: BenchArguments & { readonly profile?: boolean }): Promise<void> {
  if (options.profile) await (await import('../profile-command.js')).profileCommand(names, options);
  else await runBench(names, options);
}

/** `nem bench`: times training steps. */
export const bench = (): Command =>
  withBenchOptions(new Command('bench'))
    .description(
      'times training steps: ms, samples/s, GFLOP/s, the shares of data and noise, peak memory, the ratio to PyTorch',
    )
    .argument('[experiments...]', 'see nem list; or files with one: ./bars.mjs, bars.json', [
      'static-shapes',
      'static-shapes-nem',
      'flying-shapes-3',
      'flying-mnist',
    ])
    .option('--against <command>', 'a peer that prints median_step_s=<seconds>, in place of PyTorch')
    .option(
      '--no-peer',
      'compares with nothing; else PyTorch takes turns where a Python has it (NEM_TORCH_PYTHON names it)',
    )
    .option(
      '--torch-compile',
      "times PyTorch's step with torch.compile too, which takes half a minute or more to compile",
    )
    .option(
      '--profile',
      'time, GFLOP/s and GB/s of each kernel of the engines webgpu, native and wasm, in place of whole steps',
    )
    .option('--json', 'prints a JSON line a row')
    .addHelpText(
      'after',
      '\nExample:\n  nem bench flying-shapes-3 --engine wasm --against "python3 torch_rnnem.py 64 20 3 3 2 cpu"\n  nem bench flying-shapes-3 --engine webgpu --profile',
    )
    .action(run);

/** `nem bench-step`: what {@link bench} starts for each of its measurements. */
export const benchStep = (): Command =>
  withBenchOptions(new Command('bench-step'))
    .argument('<experiment>')
    .addHelpText('after', '\nExample:\n  nem bench-step static-shapes')
    .action(runBenchStep);
