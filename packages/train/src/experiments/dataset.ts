import { allocateSamples, type Dataset, DatasetError, isStill, type Samples, type Split } from '@nem/datasets';
import { setting, UsageError } from '../errors.js';
import { type DigitsConfig, type DrawnConfig, type FileConfig, isSequence, kindOf } from './dataset-config.js';
import type { Experiment } from './schema.js';

/** The first `frames` frames of longer sequences. */
function firstFrames(dataset: Dataset, frames: number): Dataset {
  const length = dataset.height * dataset.width;
  const whole = allocateSamples(dataset, 1);
  return {
    ...dataset,
    frames,
    draw(split: Split, index: number, out: Samples, position: number) {
      dataset.draw(split, index, whole, 0);
      for (let frame = 0; frame < frames; frame++) {
        const to = (frame * out.count + position) * length;
        out.features.set(whole.features.subarray(frame * length, (frame + 1) * length), to);
        out.groups.set(whole.groups.subarray(frame * length, (frame + 1) * length), to);
      }
    },
  };
}

/** The data of a file; of sequences the first steps + 1 frames. The file stays open until the process ends. */
async function fromFile({ file, height, width }: FileConfig, steps: number): Promise<Dataset> {
  const { openHdf5 } = await import('@nem/datasets/hdf5');
  const dataset = await openHdf5(file);
  if (dataset.height !== height || dataset.width !== width) {
    throw new DatasetError(
      `${file} has images of ${dataset.height}×${dataset.width} pixels and the network takes ${height}×${width}: choose an experiment of that size.`,
    );
  }
  if (isStill(dataset)) return dataset;
  if (dataset.frames < steps + 1) {
    throw new UsageError(`${file} has sequences of ${dataset.frames} frames, too few for ${steps} steps`, [
      'choose fewer, e.g. ',
      setting(`steps=${dataset.frames - 1}`),
      '.',
    ]);
  }
  return dataset.frames === steps + 1 ? dataset : firstFrames(dataset, steps + 1);
}

/** What digits are drawn from. File formats are loaded only where they are needed. */
async function digitOptions({ digits: source, variations }: DigitsConfig, log: (line: string) => void) {
  const { loadDigits } = await import('@nem/datasets/mnist');
  const digits = await loadDigits(source === 'auto' ? {} : { folder: source });
  log(`digits: ${digits.source}`);
  return { digits, variations: variations === 'all' ? undefined : variations };
}

/** Data that are drawn, with the options that their kind has. */
async function drawn(config: DrawnConfig, seed: number, log: (line: string) => void): Promise<Dataset> {
  const { height, width, objects, training, validation, test } = config;
  const sequence = isSequence(config) ? { frames: config.frames, motion: config.motion } : {};
  const options = { seed, height, width, objects, sizes: { training, validation, test }, ...sequence };
  const kind = kindOf(config);
  switch (kind.draws) {
    case 'shapes':
      return kind.create(options);
    case 'digits':
      return kind.create({ ...options, ...(await digitOptions(config as DigitsConfig, log)) });
    default:
      return kind satisfies never;
  }
}

/**
 * The dataset of an experiment.
 * @param log is told the source of digits. Default: standard error
 * @throws DatasetError for a dataset that cannot be drawn or read
 */
export async function createDataset(
  { dataset, steps }: Experiment,
  seed: number,
  log: (line: string) => void = console.error,
): Promise<Dataset> {
  return dataset.type === 'hdf5' ? fromFile(dataset, steps) : drawn(dataset, seed, log);
}
