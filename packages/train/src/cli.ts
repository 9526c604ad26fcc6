#!/usr/bin/env node
import { NetworkError } from '@nem/core';
import { DatasetError, DatasetFileError } from '@nem/datasets';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../package.json';
import { commandWords } from './cli/command-words.js';
import { ENGINES } from './engines/table.js';
import { EXIT_CODES, ExplainedError, RunError, UsageError, withRemedy } from './errors.js';
import { experiments } from './experiments/index.js';
import { writeExitCode } from './system/files.js';

function integerFrom(least: number, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
    throw new InvalidArgumentError(`give an integer from ${least} to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return value;
}

const integer = (text: string) => integerFrom(0, text);
const atLeastOne = (text: string) => integerFrom(1, text);

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new InvalidArgumentError('give a number above 0.');
  return value;
}

function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('give a path.');
  return text;
}

const collect = (value: string, previous: readonly string[]) => [...previous, value];
const workersOption = (fallback = 'one a core') =>
  new Option('--workers <n>', `threads of the engine wasm (default: ${fallback})`).argParser(atLeastOne);
const float16Option = () =>
  new Option('--float16', 'products of the forward half in half precision, by the engine webgpu');
const setOption = (what = 'the experiment') =>
  new Option('--set <key=value>', `changes a field of ${what}; repeatable`).argParser(collect).default([], 'none');
const engineOption = (fallback = 'auto') =>
  new Option('--engine <name>', `what computes: auto, ${ENGINES.join(', ')} (default: ${fallback})`);

// Commands are loaded when they run: `nem --help` waits for no tensor library.

const EXIT_CODE_HELP = `
Exit codes:
  0  done                          5  a worker thread of the engine ended
  1  failure                       6  the GPU device was lost
  2  wrong command or value        7  a loss, gradient or weight is NaN or infinite
  3  the disk is full              8  another process works on the run folder
  4  a folder is not writable      130, 143, 138  stopped by Ctrl-C, SIGTERM, SIGUSR1`;

const program = new Command('nem')
  .description('Neural Expectation Maximization: trains, evaluates and verifies.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', EXIT_CODE_HELP);

program
  .command('train')
  .description('trains an experiment, evaluates the best weights and draws the pictures')
  .argument('[experiment]', 'see nem list')
  .addOption(engineOption())
  .addOption(workersOption())
  .addOption(float16Option())
  .option('--seed <n>', 'seed of everything random (default: 0)', integer)
  .option('--epochs <n>', 'at most so many epochs', integer)
  .option('--max-minutes <n>', "ends training after so many minutes of this command's time", positive)
  .option('--checkpoint-minutes <n>', 'minutes between checkpoints, besides one an epoch', positive, 5)
  .option('--resume <run>', 'goes on with a run from its last checkpoint, bit by bit as if never stopped', path)
  .option('--out <folder>', 'run folder (default: runs/<experiment>)', path)
  .option('--data <file>', "an HDF5 file in the layout of the authors' files in place of the experiment's data", path)
  .addOption(setOption())
  .option('--count <n>', 'test inputs scored after training (default: all)', atLeastOne)
  .option('--json', 'prints the test scores as JSON')
  .addHelpText(
    'after',
    '\nExample:\n  nem train static-shapes --max-minutes 5 --set batchSize=32\n  nem train --resume runs/static-shapes',
  )
  .action(async (name: string | undefined, options) => {
    const { trainCommand } = await import('./cli/train-command.js');
    await trainCommand(name, options);
  });

program
  .command('evaluate')
  .description("scores a run's best weights on the test inputs and writes its report")
  .argument('<run>', 'run folder')
  .addOption(engineOption("the run's"))
  .addOption(workersOption("the run's"))
  .option('--experiment <name>', "another experiment's data, steps, noise and K")
  .option('--data <file>', 'an HDF5 file in place of the data', path)
  .option('--components <n>', 'another K: the weights are shared by all components', atLeastOne)
  .option('--objects <n>', 'another number of objects', atLeastOne)
  .option('--frames <n>', 'frames of a sequence; its steps are one fewer', atLeastOne)
  .option('--steps <n>', 'EM steps; the frames of a sequence are one more', atLeastOne)
  .option('--split <name>', 'training, validation or test', 'test')
  .option(
    '--count <n>',
    'the first so many inputs (default: all; of training as many as there are test inputs)',
    atLeastOne,
  )
  .option('--seed <n>', "seed of data, noise and initial γ (default: the run's)", integer)
  .option('--json', 'prints the scores as JSON')
  .addHelpText(
    'after',
    '\nExample:\n  nem evaluate runs/flying-shapes-3 --objects 5 --components 5 --count 1000\n  nem evaluate runs/flying-mnist --experiment static-mnist',
  )
  .action(async (run: string, options) => {
    const { evaluateCommand } = await import('./cli/evaluate-command.js');
    await evaluateCommand(run, options);
  });

program
  .command('reproduce')
  .description("trains and evaluates what a result of the paper needs and reports it beside the paper's numbers")
  .argument('<result>', 'table-1, static, next-step, flying-mnist or all')
  .addOption(engineOption())
  .addOption(workersOption())
  .option('--seeds <n>', 'runs of each network, with the seeds 0, 1 …', atLeastOne, 5)
  .option('--max-minutes <n>', 'ends the training of each run after so many minutes: a rehearsal', positive)
  .option('--count <n>', 'inputs of each evaluation (default: all; with --max-minutes 200 for each minute)', atLeastOne)
  .addOption(setOption('every experiment'))
  .option('--out <folder>', 'where runs and report go; runs that exist there are reused', path, 'reproduction')
  .option('--json', 'prints the results as JSON')
  .addHelpText('after', '\nExample:\n  nem reproduce static --seeds 1 --max-minutes 10')
  .action(async (result: string, options) => {
    const { reproduceCommand } = await import('./cli/reproduce-command.js');
    await reproduceCommand(result, options);
  });

const benchOptions = (command: Command) =>
  command
    .addOption(engineOption())
    .addOption(workersOption('one, and one a core'))
    .addOption(float16Option())
    .option('--steps <n>', 'steps of which the median is taken', atLeastOne, 5)
    .addOption(setOption());

benchOptions(program.command('bench'))
  .description(
    'times training steps: ms, samples/s, GFLOP/s, the shares of data and noise, peak memory, the ratio to PyTorch',
  )
  .argument('[experiments...]', 'see nem list', [
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
  .option('--profile', 'device time, GFLOP/s and GB/s of each kernel of the engine webgpu, in place of whole steps')
  .option('--json', 'prints a JSON line a row')
  .addHelpText(
    'after',
    '\nExample:\n  nem bench flying-shapes-3 --engine wasm --against "python3 torch_rnnem.py 64 20 3 3 2 cpu"\n  nem bench flying-shapes-3 --engine webgpu --profile',
  )
  .action(async (names: string[], options) => {
    if (options.profile) await (await import('./cli/profile-command.js')).profileCommand(names, options);
    else await (await import('./cli/bench-command.js')).benchCommand(names, options);
  });

benchOptions(program.command('bench-step', { hidden: true }))
  .argument('<experiment>')
  .addHelpText('after', '\nExample:\n  nem bench-step static-shapes')
  .action(async (name: string, options) => {
    await (await import('./cli/bench-command.js')).benchStepCommand(name, options);
  });

program
  .command('list')
  .description('lists the experiments')
  .option('--json', 'prints every field as JSON')
  .addHelpText('after', '\nExample:\n  nem list --json')
  .action(({ json }: { json?: boolean }) => {
    if (json) console.log(JSON.stringify(experiments));
    else for (const { name, description } of experiments) console.log(`${name.padEnd(20)} ${description}`);
  });

program
  .command('verify')
  .description('runs golden vectors on an engine: a line per quantity with its relative error')
  .addOption(engineOption())
  .addOption(workersOption())
  .option('--vectors <file...>', 'files in the format of the golden vectors (default: those shipped)')
  .option('--json', 'prints a JSON line per quantity')
  .addHelpText('after', '\nExample:\n  nem verify --engine cpu')
  .action(async (options) => {
    const { verifyCommand } = await import('./cli/verify-command.js');
    if (!(await verifyCommand(options))) process.exitCode = 1;
  });

const engines = program
  .command('engines')
  .description('lists what can compute here: the device, or why not and the command that mends it')
  .option('--json', 'prints a JSON line per engine')
  .addHelpText('after', '\nExample:\n  nem engines')
  .action(async (options) => (await import('./cli/engines-command.js')).enginesCommand(options));

engines
  .command('setup')
  .description('gives an engine its binding to libtensorflow')
  .argument('<engine>', 'cuda or native')
  .option('--tensorflow <python or folder>', 'a Python, or a folder, with a pip-installed TensorFlow')
  .addHelpText('after', '\nExample:\n  pip install tensorflow-cpu && nem engines setup native --tensorflow python3')
  .exitOverride()
  .action(async (name, options) => (await import('./cli/engines-command.js')).engineSetupCommand(name, options));

const data = program
  .command('data')
  .description('exports, draws and downloads datasets')
  .addHelpText('after', '\nExample:\n  nem data preview flying-shapes-3');
const dataOption = () => new Option('--data <file>', "an HDF5 file in place of the experiment's data").argParser(path);
const splitOption = (also = '') => new Option('--split <name>', `training, validation, test${also}`).default('test');

data
  .command('export')
  .description(
    "writes samples as an HDF5 file in the layout of the paper's authors; h5py reads it, and so does every experiment",
  )
  .argument('<experiment>', 'see nem list')
  .addOption(splitOption(' or all; a split left out gets one sample'))
  .option('--count <n>', 'the first so many samples of the split', atLeastOne, 1000)
  .requiredOption('--out <file>', 'the file to write', path)
  .option('--seed <n>', 'seed of the dataset', integer, 0)
  .addOption(dataOption())
  .addOption(setOption())
  .option('--json', 'prints what was written as JSON')
  .addHelpText('after', '\nExample:\n  nem data export static-shapes --split all --count 1000 --out shapes.h5')
  .action(async (name: string, options) => {
    const { exportCommand } = await import('./cli/data-command.js');
    await exportCommand(name, options);
  });

data
  .command('preview')
  .description('draws samples and their groups as a PNG and an animated GIF')
  .argument('<experiment>', 'see nem list')
  .addOption(splitOption())
  .option('--count <n>', 'the first so many samples of the split, at most 100', atLeastOne, 6)
  .option('--out <folder>', 'where samples.png and samples.gif go (default: previews/<experiment>)', path)
  .option('--seed <n>', 'seed of the dataset', integer, 0)
  .addOption(dataOption())
  .addOption(setOption())
  .option('--json', 'prints the files as JSON')
  .addHelpText('after', '\nExample:\n  nem data preview static-shapes --count 8')
  .action(async (name: string, options) => {
    const { previewCommand } = await import('./cli/data-command.js');
    await previewCommand(name, options);
  });

data
  .command('download')
  .description('downloads MNIST (12 MB, SHA-256 checked, resumable) into the cache that every experiment looks into')
  .option('--out <folder>', 'another folder than the cache', path)
  .option('--mirror <address...>', 'where to get it from (default: two public mirrors)')
  .option('--json', 'prints the folder as JSON')
  .addHelpText('after', '\nExample:\n  nem data download')
  .action(async (options) => {
    const { downloadCommand } = await import('./cli/data-command.js');
    await downloadCommand(options);
  });

/** Exit code and message of a failure; only a bug of ours shows a stack trace. */
function report(thrown: unknown): number {
  const error = withRemedy(thrown, 'run the command again.');
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DatasetFileError) {
    console.error(error.message);
    // Its cause is the system's error of a failed write.
    return writeExitCode(error.cause);
  }
  if (error instanceof NetworkError || error instanceof DatasetError) {
    console.error(error.message);
    return EXIT_CODES.usage;
  }
  console.error(error instanceof ExplainedError ? error.sentence(commandWords) : error);
  if (error instanceof UsageError) return EXIT_CODES.usage;
  return error instanceof RunError ? error.exitCode : EXIT_CODES.failure;
}

for (const command of program.commands) command.exitOverride();
program.parseAsync().catch((error: unknown) => {
  process.exitCode = report(error);
});
