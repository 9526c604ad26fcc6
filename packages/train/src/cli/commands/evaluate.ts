import { Command } from 'commander';
import type { EvaluateArguments } from '../evaluate-command.js';
import { atLeastOne, engineOption, fraction, integer, path, upTo, workersOption } from '../options.js';

async function run(folder: string, options: EvaluateArguments): Promise<void> {
  const { evaluateCommand } = await import('../evaluate-command.js');
  await evaluateCommand(folder, options);
}

/** `nem evaluate`: scores a run's best weights. */
export const evaluate = (): Command =>
  new Command('evaluate')
    .description("scores a run's best weights on the test inputs and writes its report")
    .argument('<run>', 'run folder')
    .addOption(engineOption("the run's"))
    .addOption(workersOption("the run's"))
    .option('--experiment <name>', "another experiment's data, steps, noise and K")
    .option('--data <file>', 'an HDF5 file, or a module that exports data, in place of the data', path)
    // As many as an experiment may have; its schema is not loaded for --help.
    .option('--components <n>', 'another K, from 1 to 255: the weights are shared by all components', upTo(255))
    .option('--objects <n>', 'another number of objects', atLeastOne)
    .option(
      '--group-threshold <brightness>',
      'brightness above which a pixel belongs to a digit, from 0 to below 1',
      fraction,
    )
    .option('--frames <n>', 'frames of a sequence; its steps are one fewer', atLeastOne)
    .option('--steps <n>', 'EM steps; the frames of a sequence are one more', atLeastOne)
    .option('--split <name>', 'training, validation or test', 'test')
    .option(
      '--count <n>',
      'the first so many inputs (default: all; of training as many as there are test inputs)',
      atLeastOne,
    )
    .option('--seed <n>', "seed of data, noise and initial γ (default: the run's)", integer)
    .option('--out <folder>', 'where the report goes (default: the run folder), e.g. where that may only be read', path)
    .option('--json', 'prints the scores as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  nem evaluate runs/flying-shapes-3 --objects 5 --components 5 --count 1000\n  nem evaluate runs/flying-mnist --experiment static-mnist',
    )
    .action(run);
