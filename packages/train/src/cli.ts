#!/usr/bin/env node
import { InputError, NetworkError } from '@nem/core';
import { DatasetError, DatasetFileError } from '@nem/datasets';
import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { commandWords } from './cli/command-words.js';
import { bench, benchStep } from './cli/commands/bench.js';
import { compare } from './cli/commands/compare.js';
import { data } from './cli/commands/data.js';
import { engines } from './cli/commands/engines.js';
import { evaluate } from './cli/commands/evaluate.js';
import { exportCommand } from './cli/commands/export.js';
import { list } from './cli/commands/list.js';
import { reproduce } from './cli/commands/reproduce.js';
import { results } from './cli/commands/results.js';
import { train } from './cli/commands/train.js';
import { verify } from './cli/commands/verify.js';
import { guardOutput } from './cli/output.js';
import { type Action, EXIT_CODES, ExplainedError, RunError, UsageError, withRemedy } from './errors.js';
import { writeExitCode } from './system/files.js';

/** Every command, in the order of `nem --help`. What a command computes with is loaded when it runs: help waits for none of it. */
const COMMANDS: readonly { readonly make: () => Command; readonly hidden?: boolean }[] = [
  { make: train },
  { make: evaluate },
  { make: compare },
  { make: reproduce },
  { make: results },
  { make: exportCommand },
  { make: bench },
  { make: benchStep, hidden: true },
  { make: list },
  { make: verify },
  { make: engines },
  { make: data },
];

const EXIT_CODE_HELP = `
Exit codes:
  0  done                          5  a worker thread of the engine ended
  1  failure                       6  the GPU device was lost
  2  wrong command or value        7  a loss, gradient or weight is NaN or infinite
  3  the disk is full              8  another process works on the run folder
  4  a folder is not writable      130, 143, 129, 138  stopped by Ctrl-C, SIGTERM, SIGHUP, SIGUSR1`;

const program = new Command('nem')
  .description('Neural Expectation Maximization: trains, evaluates and verifies.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', EXIT_CODE_HELP);

/** Has a command, and those below it, end and look as `parent` does. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
  return command;
}

for (const { make, hidden } of COMMANDS) program.addCommand(inherit(make(), program), { hidden });

/** The command that runs; undefined while its options are read. */
let running: Command | undefined;
program.hook('preAction', (_, command) => {
  running = command;
});

/** What is to be done about an error, in words that fit the command: a run that goes on, for one, stays where it is. */
const words = (action: Action) =>
  commandWords(action, running?.options.some(({ long }) => long === '--out') && running.opts().resume === undefined);

/** Exit code and message of a failure; only a bug of ours shows a stack trace. */
function report(thrown: unknown): number {
  const error = withRemedy(thrown, 'run the command again.');
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DatasetFileError) {
    console.error(error.message);
    // Its cause is the system's error of a failed write.
    return writeExitCode(error.cause);
  }
  if (error instanceof NetworkError || error instanceof InputError || error instanceof DatasetError) {
    console.error(error.message);
    return EXIT_CODES.usage;
  }
  console.error(error instanceof ExplainedError ? error.sentence(words) : error);
  if (error instanceof UsageError) return EXIT_CODES.usage;
  return error instanceof RunError ? error.exitCode : EXIT_CODES.failure;
}

guardOutput();
program.parseAsync().catch((error: unknown) => {
  process.exitCode = report(error);
});
