import { SPLITS, type Split } from '@nem/datasets';
import { Command } from 'commander';
import { createDataset, parseSplit } from '../../experiments/index.js';
import { requireNoSource } from '../../experiments/sources.js';
import { partOf } from '../../system/files.js';
import { type DataArguments, dataOption, experimentOf, splitOption } from '../data-options.js';
import { interruptible } from '../interruption.js';
import { atLeastOne, integer, path, setOption } from '../options.js';

interface ExportArguments extends DataArguments {
  readonly count?: number;
  readonly out: string;
}

/** How many samples of a split are written where no number is asked for, at most. */
const COUNT = 1000;

async function run(name: string, options: ExportArguments): Promise<void> {
  const { writeHdf5 } = await import('@nem/datasets/hdf5');
  const { Progress } = await import('../../terminal/progress.js');
  const { split, count, out } = options;
  const splits = split === 'all' ? SPLITS : [parseSplit(split, ' or, to export, all')];
  const experiment = await experimentOf(name, options);
  // The temporary file beside it is written too.
  for (const file of [out, partOf(out)]) requireNoSource(experiment, file, '--out');
  const dataset = await createDataset(experiment, options.seed);
  const progress = new Progress('export', 'samples');
  const countOf = (each: Split) => count ?? Math.min(COUNT, dataset.sizes[each]);
  const samples = Object.fromEntries(SPLITS.map((each) => [each, splits.includes(each) ? countOf(each) : 1]));
  const counts = Object.fromEntries(splits.map((each) => [each, countOf(each)]));
  progress.start(Object.values(samples).reduce((sum, each) => sum + each, 0));
  try {
    await interruptible('the export ends', 'nothing was written, give the same command again.', ({ abort }) =>
      writeHdf5({ dataset, file: out, counts, progress: (written) => progress.update(written), abort }),
    );
  } finally {
    progress.stop();
  }
  const { frames, height, width } = dataset;
  if (options.json) console.log(JSON.stringify({ file: out, frames, height, width, samples }));
  else {
    const counts = SPLITS.map((each) => `${samples[each]} ${each}`).join(', ');
    console.log(`${out}: ${counts} samples of ${frames} × ${height} × ${width} pixels, features and groups.`);
  }
}

/** `nem data export`: writes samples of an experiment's dataset as an HDF5 file in the authors' layout. */
export const dataExport = (): Command =>
  new Command('export')
    .description(
      "writes samples as an HDF5 file in the layout of the paper's authors; h5py reads it, and so does every experiment",
    )
    .argument('<experiment>', 'see nem list; or a file with one')
    .addOption(splitOption(' or all; a split left out gets one sample'))
    .option(
      '--count <n>',
      `the first so many samples of the split (default: ${COUNT}, or all if there are fewer)`,
      atLeastOne,
    )
    .requiredOption('--out <file>', 'the file to write', path)
    .option('--seed <n>', 'seed of the dataset', integer, 0)
    .addOption(dataOption())
    .addOption(setOption())
    .option('--json', 'prints what was written as JSON')
    .addHelpText('after', '\nExample:\n  nem data export static-shapes --split all --count 1000 --out shapes.h5')
    .action(run);
