import { join } from 'node:path';
import { drawSamples } from '@nem/datasets';
import { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { parseSplit } from '../../experiments/index.js';
import { experimentName } from '../../experiments/open-experiment.js';
import { writeWhole } from '../../system/files.js';
import { counted } from '../../words.js';
import { type DataArguments, dataOption, datasetOf, splitOption } from '../data-options.js';
import { atLeastOne, integer, path, setOption } from '../options.js';

interface PreviewArguments extends DataArguments {
  readonly count: number;
  readonly out?: string;
}

async function run(name: string, options: PreviewArguments): Promise<void> {
  const { samplesToGif, samplesToPng } = await import('@nem/report');
  const { count, out = join('previews', experimentName(name)) } = options;
  const split = parseSplit(options.split, ' or, to export, all');
  if (count > 100) throw new UsageError(`--count is ${count}`, 'give an integer from 1 to 100.');
  const dataset = await datasetOf(name, options);
  const indices = Array.from({ length: Math.min(count, dataset.sizes[split]) }, (_, i) => i);
  const samples = drawSamples(dataset, split, indices);
  const files = { picture: join(out, 'samples.png'), animation: join(out, 'samples.gif') };
  writeWhole(files.picture, samplesToPng(samples));
  writeWhole(files.animation, samplesToGif(samples));
  if (options.json) console.log(JSON.stringify({ ...files, samples: samples.count, frames: samples.frames }));
  else {
    console.log(`${counted(samples.count, `${split} sample`)}: ${files.picture}, ${files.animation}`);
    console.log('inputs, and their groups in colours; black: background, grey: overlap, both group 0');
  }
}

/** `nem data preview`: draws samples and their groups as a picture and an animation. */
export const dataPreview = (): Command =>
  new Command('preview')
    .description('draws samples and their groups as a PNG and an animated GIF')
    .argument('<experiment>', 'see nem list; or a file with one')
    .addOption(splitOption())
    .option('--count <n>', 'the first so many samples of the split, at most 100', atLeastOne, 6)
    .option('--out <folder>', 'where samples.png and samples.gif go (default: previews/<experiment>)', path)
    .option('--seed <n>', 'seed of the dataset', integer, 0)
    .addOption(dataOption())
    .addOption(setOption())
    .option('--json', 'prints the files as JSON')
    .addHelpText('after', '\nExample:\n  nem data preview static-shapes --count 8')
    .action(run);
