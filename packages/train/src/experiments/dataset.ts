import {
  allocateSamples,
  DATASETS,
  type Dataset,
  DatasetError,
  drawSamples,
  isStill,
  type Samples,
  type Split,
} from '@nem/datasets';
import { setting, UsageError } from '../errors.js';
import { requireSameData } from './custom-dataset.js';
import {
  type CustomConfig,
  type DigitsConfig,
  type DrawnConfig,
  type FileConfig,
  isSequence,
  kindOf,
} from './dataset-config.js';
import { readDigits } from './digits.js';
import type { Experiment } from './schema.js';

/** The first `frames` frames of longer sequences. */
function firstFrames(dataset: Dataset, frames: number): Dataset {
  const length = dataset.height * dataset.width;
  const whole = allocateSamples(dataset, 1);
  const cut: Dataset = {
    ...dataset,
    frames,
    sample: (split, index) => drawSamples(cut, split, [index]),
    draw(split: Split, index: number, out: Samples, position: number) {
      dataset.draw(split, index, whole, 0);
      for (let frame = 0; frame < frames; frame++) {
        const to = (frame * out.count + position) * length;
        out.features.set(whole.features.subarray(frame * length, (frame + 1) * length), to);
        out.groups.set(whole.groups.subarray(frame * length, (frame + 1) * length), to);
      }
    },
  };
  return cut;
}

/**
 * Of sequences the first steps + 1 frames.
 * @param name of the data, for messages
 */
function asLongAs(dataset: Dataset, steps: number, name: string): Dataset {
  if (isStill(dataset)) return dataset;
  if (dataset.frames < steps + 1) {
    throw new UsageError(`${name} has sequences of ${dataset.frames} frames, too few for ${steps} steps`, [
      'choose fewer, e.g. ',
      setting(`steps=${dataset.frames - 1}`),
      '.',
    ]);
  }
  return dataset.frames === steps + 1 ? dataset : firstFrames(dataset, steps + 1);
}

/** The data of a file. It stays open until the process ends. */
async function fromFile({ file, height, width }: FileConfig, steps: number): Promise<Dataset> {
  const { openHdf5 } = await import('@nem/datasets/hdf5');
  const dataset = await openHdf5(file);
  if (dataset.height !== height || dataset.width !== width) {
    throw new DatasetError(
      `${file} has images of ${dataset.height}×${dataset.width} pixels and the network takes ${height}×${width}: choose an experiment of that size.`,
    );
  }
  return asLongAs(dataset, steps, file);
}

/** Data of a user's own: given by the program, exported by a module, or of a maker of ours by their name and options. */
async function ownDataset(config: CustomConfig, given: Dataset | undefined): Promise<Dataset> {
  if (given) return given;
  if (config.module !== undefined) return (await import('./module.js')).moduleDataset(config.module);
  const { name, options, training, validation, test } = config;
  const kind = Object.hasOwn(DATASETS, name) ? DATASETS[name as keyof typeof DATASETS] : undefined;
  if (kind?.draws === 'shapes') return kind.create({ ...options, sizes: { training, validation, test } });
  throw new DatasetError(
    `the data of the run, ${name}, were given by a program: give them there, or name a module that exports them with the option data.`,
  );
}

async function custom(config: CustomConfig, steps: number, given: Dataset | undefined): Promise<Dataset> {
  const dataset = await ownDataset(config, given);
  requireSameData(config, dataset);
  return asLongAs(dataset, steps, config.name);
}

/** What digits are drawn from, and how. */
async function digitOptions(config: DigitsConfig, log: (line: string) => void) {
  const { variations, groupThreshold } = config;
  const digits = await readDigits(config);
  log(`digits: ${digits.source}`);
  return { digits, variations: variations === 'all' ? undefined : variations, groupThreshold };
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
 * @param given the data themselves, where they are a user's own; of others they are refused
 * @throws DatasetError for a dataset that cannot be drawn or read, and for data that are not those of the experiment
 */
export async function createDataset(
  { dataset, steps }: Experiment,
  seed: number,
  log: (line: string) => void = console.error,
  given?: Dataset,
): Promise<Dataset> {
  if (dataset.type === 'custom') return custom(dataset, steps, given);
  if (given) {
    const known = dataset.type === 'hdf5' ? `those of the file ${dataset.file}` : dataset.type;
    throw new DatasetError(`a dataset is given where the data are ${known}: leave dataset out.`);
  }
  return dataset.type === 'hdf5' ? fromFile(dataset, steps) : drawn(dataset, seed, log);
}
