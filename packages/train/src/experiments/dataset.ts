import {
  allocateSamples,
  type Dataset,
  DatasetError,
  flyingShapes,
  type Samples,
  type Split,
  staticShapes,
} from '@nem/datasets';
import type { DatasetConfig, Experiment } from './schema.js';

type FileConfig = Extract<DatasetConfig, { type: 'hdf5' }>;
type MnistConfig = Extract<DatasetConfig, { type: 'flying-mnist' | 'static-mnist' }>;

/** File formats and digits are loaded only where they are needed. */
async function mnist(config: MnistConfig, seed: number, log: (line: string) => void): Promise<Dataset> {
  const { flyingMnist, loadDigits, staticMnist } = await import('@nem/datasets/mnist');
  const { height, width, objects, training, validation, test } = config;
  const digits = await loadDigits(config.digits === 'auto' ? {} : { folder: config.digits });
  log(`digits: ${digits.source}`);
  const variations = config.variations === 'all' ? undefined : config.variations;
  const sizes = { training, validation, test };
  const options = { digits, seed, height, width, objects, variations, sizes };
  if (config.type === 'static-mnist') return staticMnist(options);
  return flyingMnist({ ...options, frames: config.frames, motion: config.motion });
}

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
  if (dataset.frames === 1) return dataset;
  if (dataset.frames < steps + 1) {
    throw new DatasetError(
      `${file} has sequences of ${dataset.frames} frames, too few for ${steps} steps: choose fewer, e.g. --set steps=${dataset.frames - 1}.`,
    );
  }
  return dataset.frames === steps + 1 ? dataset : firstFrames(dataset, steps + 1);
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
  if (dataset.type === 'hdf5') return fromFile(dataset, steps);
  const { height, width, objects, training, validation, test } = dataset;
  const options = { seed, height, width, objects, sizes: { training, validation, test } };
  switch (dataset.type) {
    case 'static-shapes':
      return staticShapes(options);
    case 'flying-shapes':
      return flyingShapes({ ...options, frames: dataset.frames, motion: dataset.motion });
    default:
      return mnist(dataset, seed, log);
  }
}
