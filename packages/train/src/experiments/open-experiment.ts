import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { parseBoundedJson } from '@nem/core';
import { type Dataset, DatasetError } from '@nem/datasets';
import { option, setting, UsageError } from '../errors.js';
import { readWhole, reason } from '../system/files.js';
import { isObject } from '../system/json.js';
import { describeDataset, otherData } from './custom-dataset.js';
import { type CustomConfig, type DatasetConfig, type FileConfig, movedTo } from './dataset-config.js';
import { type DefinedExperiment, defineExperiment, type ExperimentDefinition, experimentOn } from './define.js';
import { fitNetwork } from './fit-network.js';
import { findExperiment } from './list.js';
import { isModule, moduleDataset, moduleExperiment } from './module.js';
import { type Experiment, parseExperiment } from './schema.js';

const LARGEST_EXPERIMENT = 2 ** 18;
const BOUNDS = { characters: LARGEST_EXPERIMENT, values: 2048, packNumbers: false };

/** Whether a name is that of a file with an experiment. */
const isExperimentFile = (name: string): boolean => isModule(name) || name.endsWith('.json');

/** What an experiment is called where its file has no better name: `bars` of `./bars.mjs`. */
export const experimentName = (name: string): string => (isExperimentFile(name) ? basename(name, extname(name)) : name);

/** The size of the samples in an HDF5 file. */
async function fileShape(file: string): Promise<Pick<Dataset, 'height' | 'width' | 'frames'>> {
  const { openHdf5 } = await import('@nem/datasets/hdf5');
  const { height, width, frames, close } = await openHdf5(file);
  close();
  return { height, width, frames };
}

/** The experiment that a module exports; where it has data of its own, they are found there again. */
async function fromModule(path: string): Promise<DefinedExperiment> {
  const exported = await moduleExperiment(path);
  const defined = 'experiment' in exported ? exported : defineExperiment(exported as ExperimentDefinition);
  const { experiment, dataset } = defined as DefinedExperiment;
  if (!dataset || experiment.dataset.type !== 'custom') return { experiment: parseExperiment(experiment) };
  return { experiment: parseExperiment({ ...experiment, dataset: movedTo(experiment.dataset, path) }), dataset };
}

function parseFile(path: string): Record<string, unknown> {
  const bytes = readWhole(path, LARGEST_EXPERIMENT, 'name a JSON file with an experiment');
  try {
    const value: unknown = parseBoundedJson(bytes.toString('utf8'), BOUNDS);
    if (isObject(value) && isObject(value.dataset)) return value;
  } catch (error) {
    throw new UsageError(`${path} is no JSON (${reason(error)})`, 'mend it.');
  }
  throw new UsageError(
    `${path} has no dataset`,
    'write e.g. {"dataset": {"type": "hdf5", "file": "bars.h5"}, "components": 3}.',
  );
}

/** An experiment as a JSON file has it; a file of data is named from where the JSON file is. */
async function fromJson(path: string): Promise<DefinedExperiment> {
  const { dataset, ...rest } = parseFile(path);
  const definition = { name: experimentName(path), ...rest } as Omit<ExperimentDefinition, 'dataset'>;
  const { type, file, ...size } = dataset as Partial<FileConfig>;
  if (type !== 'hdf5' || typeof file !== 'string') {
    return defineExperiment({ ...definition, dataset: dataset as ExperimentDefinition['dataset'] });
  }
  const found = isAbsolute(file) ? file : join(dirname(path), file);
  const { frames, ...shape } = await fileShape(found);
  return { experiment: experimentOn({ config: { type, file: found, ...shape, ...size }, frames }, definition) };
}

/**
 * The experiment of a name: one of the list, that of a module (`./bars.mjs`) or of a JSON file.
 * @throws UsageError for an unknown name, and a file without an experiment
 */
export async function openExperiment(name: string): Promise<DefinedExperiment> {
  if (isModule(name)) return fromModule(name);
  return name.endsWith('.json') ? fromJson(name) : { experiment: findExperiment(name) };
}

/** What is known of the data in a module or an HDF5 file. */
async function configOf(source: string): Promise<CustomConfig | FileConfig> {
  if (isModule(source)) return { ...describeDataset(await moduleDataset(source)), module: source };
  const { height, width } = await fileShape(source);
  return { type: 'hdf5', file: source, height, width };
}

/**
 * An experiment with other data; of another size the network follows.
 * @param keeps when it stays as it is: settings will change it
 */
function onConfig(
  experiment: Experiment,
  config: DatasetConfig,
  source: string,
  keeps?: 'always' | 'where none fits',
): Experiment {
  const { stages: _, dataset, network, ...rest } = experiment;
  const [from, to] = [dataset, config].map(({ height, width }) => [height, width] as const) as [
    readonly [number, number],
    readonly [number, number],
  ];
  const fitted = keeps === 'always' ? network : (fitNetwork(network, from, to) ?? (keeps && network));
  if (fitted) return { ...rest, network: fitted, dataset: config };
  const [height, width] = to;
  throw new UsageError(
    `${source} has images of ${height}×${width} pixels, and no network of the same layers as ${experiment.name}'s has that size`,
    [
      'give ',
      setting(`dataset.height=${height}`),
      ', ',
      setting(`dataset.width=${width}`),
      ' and ',
      setting('network=…'),
      ' with one that has.',
    ],
  );
}

/**
 * An experiment on the data of a module or of an HDF5 file in the layout of the authors' files; sizes of the network that belong to
 * the image follow the data.
 * @param settings that will be made: a whole network among them takes the place of the one that would follow, and fields of it may
 *   make fit what cannot follow
 * @throws UsageError where the network cannot have the data's size
 */
export async function onData(
  experiment: Experiment,
  source: string,
  settings: readonly string[] = [],
): Promise<Experiment> {
  const sets = (start: string) => settings.some((setting) => setting.startsWith(start));
  const keeps = sets('network=') ? 'always' : sets('network.') ? 'where none fits' : undefined;
  return onConfig(experiment, await configOf(source), source, keeps);
}

/**
 * A run's experiment with its data in another place.
 * @throws UsageError for a place of other data
 */
export async function withMovedData(experiment: Experiment, source: string): Promise<Experiment> {
  const { dataset } = experiment;
  if (dataset.type !== 'hdf5' && dataset.type !== 'custom') {
    throw new UsageError(
      [option('resume'), ' goes on with the run as it was configured, and its data are of no file'],
      ['leave out ', option('data'), ', or train a new run.'],
    );
  }
  if (dataset.type === 'custom') await requireSame(dataset, source);
  return { ...experiment, dataset: movedTo(dataset, source) };
}

async function requireSame(dataset: CustomConfig, source: string): Promise<void> {
  const other = otherData(dataset, describeDataset(await moduleDataset(source)));
  if (other) throw new DatasetError(`${other}: name the module that exports the run's.`);
}
