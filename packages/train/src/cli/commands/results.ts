import { Command } from 'commander';
import { path } from '../options.js';

interface ResultsArguments {
  readonly add: readonly string[];
  readonly out: string;
}

async function run({ add, out }: ResultsArguments): Promise<void> {
  const { RunFolder } = await import('../../run/run-folder.js');
  const { recordRun } = await import('../../results/record-run.js');
  const { writeResults } = await import('../../results/write-results.js');
  for (const folder of add) console.error(`${folder} is recorded as ${recordRun(new RunFolder(folder), out)}`);
  console.log(`results in ${await writeResults(out)}`);
}

/** `nem results`: the repository's results from the records of runs. */
export const results = (): Command =>
  new Command('results')
    .description("records runs and writes their scores beside the paper's")
    .option('--add <run...>', 'records these runs first: configuration, epochs, times and evaluations, no weights', [])
    .option('--out <folder>', 'the folder of results: README.md, figures and the records', path, 'results')
    .addHelpText('after', '\nExample:\n  nem results --add runs/static-shapes runs/static-shapes-nem')
    .action(run);
