import { join } from 'node:path';
import { type Dataset, drawSamples, SPLITS, type Split } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
import { defaultCache, downloadMnist, MNIST_BYTES } from '@nem/datasets/mnist';
import { previewAnimation, previewPicture } from '@nem/report';
import { UsageError } from '../errors.js';
import { createDataset, findExperiment, withDataFile, withSettings } from '../experiments/index.js';
import { writeWhole } from '../system/files.js';
import { interruptible } from './interruption.js';
import { Progress } from './progress.js';

interface DataArguments {
  readonly split: string;
  readonly count: number;
  readonly seed: number;
  /** An HDF5 file in place of the experiment's data. */
  readonly data?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

export interface ExportArguments extends DataArguments {
  readonly out: string;
}

export interface PreviewArguments extends DataArguments {
  readonly out?: string;
}

export interface DownloadArguments {
  readonly out?: string;
  readonly mirror?: readonly string[];
  readonly json?: boolean;
}

function parseSplit(split: string): Split {
  const known = SPLITS.find((name) => name === split);
  if (!known) throw new UsageError(`--split is '${split}'`, `use ${SPLITS.join(', ')} or, to export, all.`);
  return known;
}

function datasetOf(name: string, { seed, data, set }: DataArguments): Promise<Dataset> {
  const experiment = findExperiment(name);
  return createDataset(withSettings(data === undefined ? experiment : withDataFile(experiment, data), set), seed);
}

/** `nem data export`: writes samples of an experiment's dataset as an HDF5 file in the authors' layout. */
export async function exportCommand(name: string, options: ExportArguments): Promise<void> {
  const { split, count, out } = options;
  const splits = split === 'all' ? SPLITS : [parseSplit(split)];
  const dataset = await datasetOf(name, options);
  const progress = new Progress('export', 'samples');
  const samples = Object.fromEntries(SPLITS.map((each) => [each, splits.includes(each) ? count : 1]));
  const counts = Object.fromEntries(splits.map((each) => [each, count]));
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

/** `nem data preview`: draws samples and their groups as a picture and an animation. */
export async function previewCommand(name: string, options: PreviewArguments): Promise<void> {
  const { count, out = join('previews', name) } = options;
  const split = parseSplit(options.split);
  if (count > 100) throw new UsageError(`--count is ${count}`, 'give an integer from 1 to 100.');
  const dataset = await datasetOf(name, options);
  const indices = Array.from({ length: Math.min(count, dataset.sizes[split]) }, (_, i) => i);
  const samples = drawSamples(dataset, split, indices);
  const files = { picture: join(out, 'samples.png'), animation: join(out, 'samples.gif') };
  writeWhole(files.picture, previewPicture(samples));
  writeWhole(files.animation, previewAnimation(samples));
  if (options.json) console.log(JSON.stringify({ ...files, samples: samples.count, frames: samples.frames }));
  else {
    console.log(`${samples.count} ${split} samples: ${files.picture}, ${files.animation}`);
    console.log('inputs, and their groups in colours; black: background, grey: overlap, both group 0');
  }
}

function mirrorAddress(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`--mirror is '${text}'`, 'give an address, e.g. https://host/mnist/.');
  return `${text.replace(/\/$/, '')}/`;
}

/** `nem data download`: fetches MNIST into the cache, where every experiment finds it. */
export async function downloadCommand({ out = defaultCache(), mirror, json }: DownloadArguments): Promise<void> {
  const mirrors = mirror?.map(mirrorAddress);
  const progress = new Progress('download', 'bytes');
  const received = new Map<string, number>();
  progress.start(MNIST_BYTES);
  try {
    const remedy = 'what has arrived is kept, give the same command again.';
    await interruptible('the download ends', remedy, ({ abort }) =>
      downloadMnist({
        folder: out,
        ...(mirrors ? { mirrors } : {}),
        abort,
        progress(file, bytes) {
          received.set(file, bytes);
          progress.update(
            [...received.values()].reduce((sum, each) => sum + each, 0),
            file,
          );
        },
      }),
    );
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify({ folder: out }));
  else console.log(`MNIST is in ${out}; with another --out, name the folder in the environment variable NEM_MNIST.`);
}
