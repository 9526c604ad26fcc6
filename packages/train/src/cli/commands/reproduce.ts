import { Command } from 'commander';
import { atLeastOne, engineOption, path, positive, precisionOption, setOption, workersOption } from '../options.js';
import type { ReproduceArguments } from '../reproduce-command.js';

async function run(result: string, options: ReproduceArguments): Promise<void> {
  const { reproduceCommand } = await import('../reproduce-command.js');
  await reproduceCommand(result, options);
}

/** `nem reproduce`: results of the paper. */
export const reproduce = (): Command =>
  new Command('reproduce')
    .description("trains and evaluates what a result of the paper needs and reports it beside the paper's numbers")
    .argument('<result>', 'table-1, static, next-step, flying-mnist or all')
    .addOption(engineOption())
    .addOption(workersOption())
    .addOption(precisionOption())
    .option('--seeds <n>', 'runs of each network, with the seeds 0, 1 …', atLeastOne, 5)
    .option('--max-minutes <n>', 'ends the training of each run after so many minutes: a rehearsal', positive)
    .option(
      '--count <n>',
      'inputs of each evaluation (default: all; with --max-minutes 200 for each minute)',
      atLeastOne,
    )
    .addOption(setOption('every experiment'))
    .option('--out <folder>', 'where runs and report go; runs that exist there are reused', path, 'reproduction')
    .option('--recipe <name>', "trains by a recipe, see nem list (default: the paper's settings)")
    .option('--results <folder>', 'also records the runs in a folder of results, see nem results', path)
    .option('--json', 'prints the results as JSON')
    .addHelpText('after', '\nExample:\n  nem reproduce static --seeds 1 --max-minutes 10')
    .action(run);
