import { Command, Option } from 'commander';
import {
  atLeastOne,
  engineOption,
  integer,
  path,
  positive,
  precisionOption,
  setOption,
  workersOption,
} from '../options.js';
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
    .addOption(
      new Option('--list', 'prints the tasks, one for each run, with what each needs and how far it is').conflicts([
        ...['task', 'report', 'results'],
      ]),
    )
    .addOption(
      new Option(
        '--task [n]',
        "does one task (default: an array job's own, SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX)",
      )
        .argParser(integer)
        .conflicts(['report', 'results']),
    )
    .option('--report', 'writes the report alone, once every task is done')
    .option('--json', 'prints the results, or the tasks, as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  nem reproduce static --seeds 1 --max-minutes 10\n  nem reproduce all --list\n  nem reproduce all --task 0 && nem reproduce all --report',
    )
    .action(run);
