import { isBinary, type LearningRate, type MixtureSpec, type NetworkSpec, networkShape } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import * as v from 'valibot';
import { UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { describeDataset, isDataset } from './custom-dataset.js';
import {
  type DatasetConfig,
  type DrawnConfig,
  datasetSchema,
  type FileConfig,
  isDrawn,
  isSequence,
} from './dataset-config.js';
import { experiments } from './list.js';
import { parseStrictly } from './remedy.js';
import { type Experiment, parseExperiment } from './schema.js';
import { staticShapesRnnEm } from './static-shapes.js';

type DrawnType = DrawnConfig['type'];

/** Data that are drawn here: their type, and what differs from the paper's. */
export type DatasetSettings = {
  [T in DrawnType]: { readonly type: T } & Partial<Omit<Extract<DrawnConfig, { type: T }>, 'type'>>;
}[DrawnType];

/** What an experiment is made of; everything but the data and K has a default. */
export interface ExperimentDefinition extends Partial<Omit<Experiment, 'dataset' | 'mixture' | 'components'>> {
  /**
   * Data of your own (see `defineDataset` of `@nem/datasets`), an HDF5 file, or data that are drawn here with what differs from the
   * paper's, e.g. `{ type: 'flying-shapes', height: 40, width: 40 }`. The file of `{ type: 'hdf5', file, height, width }` is not opened
   * here, and the defaults are those of still images: for sequences give `steps`, `noise` and `lossSteps`, or the dataset that
   * `openHdf5` returns.
   */
  readonly dataset: Dataset | DatasetSettings | FileConfig;
  /**
   * K: how many groups an image is divided into, an integer from 1 to 255. Give at least as many as an image has objects; one more lets
   * the background have a group of its own.
   */
  readonly components: number;
  /** Default: the data's. */
  readonly name?: string;
  /** Default: RNN-EM with one recurrent layer of 250 units and a dense layer to the pixels, as for static shapes. */
  readonly network?: NetworkSpec;
  /** EM steps. Default: 15 for still images, a step for each frame after the first for sequences. */
  readonly steps?: number;
  /** The distribution of a pixel. Default: `{ distribution: 'bernoulli', sigma: 0.25, prior: 0 }`, for images that are black and white. */
  readonly mixture?: MixtureSpec;
  /**
   * Noise on the input. Default: bits flip, with probability 0.1 in still images and 0.2 in sequences; of grey images (a Gaussian
   * mixture) pixels are replaced with probability 0.2.
   */
  readonly noise?: Experiment['noise'];
  /** λ, the weight of the inter-cluster loss. Default: 1; of grey images 0.2. */
  readonly interWeight?: number;
  /** Which steps are trained on. Default: the last one of still images, all of sequences. */
  readonly lossSteps?: Experiment['lossSteps'];
  /** Adam's: above 0, or a schedule of rates. Default 0.001. */
  readonly learningRate?: LearningRate;
  /** Default 64. */
  readonly batchSize?: number;
  /** At most so many. Default 500. */
  readonly epochs?: number;
  /** Training ends once the validation loss has not improved for so many epochs. Default 10. */
  readonly patience?: number;
  /** Validation inputs that early stopping looks at. Default 1,000. */
  readonly validationInputs?: number;
}

/** An experiment, with its data where they are a user's own. */
export interface DefinedExperiment {
  /** Everything that a run needs but its seed, engine and limits, as plain data. */
  readonly experiment: Experiment;
  /** Absent where `experiment.dataset` says how the data are drawn or read. */
  readonly dataset?: Dataset;
}

/** What suits binary pixels, and what suits grey ones (method, sections 4 and 5). */
const SUITABLE = {
  binary: {
    activation: 'sigmoid',
    interWeight: 1,
    noise: (still: boolean) => ({ type: 'bitFlip', probability: still ? 0.1 : 0.2 }),
  },
  grey: { activation: 'linear', interWeight: 0.2, noise: () => ({ type: 'maskedUniform', probability: 0.2 }) },
} as const;

/** What is known of data before they are drawn; of a file that nobody has opened not the number of frames. */
interface KnownData {
  readonly config: DatasetConfig;
  readonly frames?: number;
}

const wrapped = v.object({ dataset: datasetSchema });

/** Data that are drawn here, with the paper's in place of what is not given. A number of steps that there cannot be is refused later. */
function completed(settings: DatasetSettings | FileConfig, steps: number | undefined): KnownData {
  const paper = experiments.find(({ dataset }) => dataset.type === settings?.type)?.dataset;
  const hasLength = paper && isSequence(paper) && Number.isInteger(steps) && steps! >= 1;
  const length = hasLength ? { frames: steps! + 1 } : {};
  const dataset: unknown = isObject(settings) ? { ...paper, ...length, ...settings } : settings;
  const { dataset: config } = parseStrictly(wrapped, { dataset }, 'the experiment');
  if (isDrawn(config)) return { config, frames: isSequence(config) ? config.frames : 1 };
  return { config };
}

/** Data themselves; those of a file are known by it. */
function knownData(dataset: Dataset): KnownData {
  const { frames, height, width, options } = dataset;
  if (dataset.name !== 'hdf5' || typeof options?.file !== 'string') return { config: describeDataset(dataset), frames };
  return { config: { type: 'hdf5', file: options.file, height, width }, frames };
}

/** The network of static shapes for images of a size. */
const denseNetwork = (height: number, width: number, activation: 'sigmoid' | 'linear'): NetworkSpec => ({
  type: 'rnn-em',
  input: [],
  recurrent: { size: 250, activation: 'sigmoid', layerNorm: false },
  output: [{ type: 'dense', size: height * width, activation, layerNorm: false }],
});

/** The parts of a definition that are not its data. */
type Rest = Omit<ExperimentDefinition, 'dataset'>;

/**
 * An experiment on data of which something is known.
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 * @throws NetworkError for a network that cannot be built for the images, as one whose output is of another size
 */
export function experimentOn({ config, frames = 1 }: KnownData, definition: Rest): Experiment {
  const mixture = { sigma: 0.25, prior: 0, ...(definition.mixture ?? { distribution: 'bernoulli' as const }) };
  const still = frames === 1;
  const { activation, interWeight, noise } = SUITABLE[isBinary(mixture) ? 'binary' : 'grey'];
  const name = definition.name ?? (config.type === 'custom' ? config.name : config.type);
  const defaults = {
    ...staticShapesRnnEm,
    // K says what a network is to find: nobody can guess it.
    components: undefined,
    name,
    description: `${name}, K = ${definition.components}.`,
    network: denseNetwork(config.height, config.width, activation),
    steps: still ? 15 : frames - 1,
    noise: noise(still),
    interWeight,
    lossSteps: still ? 'last' : 'all',
  };
  const given = Object.entries(definition).filter(([, value]) => value !== undefined);
  const experiment = parseExperiment({ ...defaults, ...Object.fromEntries(given), mixture, dataset: config });
  networkShape(experiment.network, config.height * config.width);
  return experiment;
}

/**
 * An experiment on data and with a network of one's own.
 *
 * ```ts
 * const experiment = defineExperiment({ dataset: bars, components: 3 });
 * ```
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 * @throws NetworkError for a network that cannot be built for the images, as one whose output is of another size
 * @throws DatasetError for data that cannot be drawn
 */
export function defineExperiment(definition: ExperimentDefinition): DefinedExperiment {
  if (!isObject(definition))
    throw new UsageError('the experiment is missing', 'give at least its dataset and components.');
  const { dataset, ...rest } = definition;
  if (!isDataset(dataset)) return { experiment: experimentOn(completed(dataset, rest.steps), rest) };
  const known = knownData(dataset);
  const experiment = experimentOn(known, rest);
  return known.config.type === 'custom' ? { experiment, dataset } : { experiment };
}
