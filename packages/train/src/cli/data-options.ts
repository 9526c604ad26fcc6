import type { Dataset } from '@nem/datasets';
import { Option } from 'commander';
import { createDataset, type Experiment, withRecipe, withSettings } from '../experiments/index.js';
import { onData, openExperiment } from '../experiments/open-experiment.js';
import { path } from './options.js';

export const dataOption = () =>
  new Option(
    '--data <file>',
    "an HDF5 file, or a module that exports data, in place of the experiment's data",
  ).argParser(path);
export const splitOption = (also = '') =>
  new Option('--split <name>', `training, validation, test${also}`).default('test');

/** What the commands on data share. */
export interface DataArguments {
  readonly split: string;
  readonly seed: number;
  /** An HDF5 file, or a module that exports data, in place of the experiment's data. */
  readonly data?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** An experiment as the options change it. */
export async function experimentOf(
  name: string,
  { data, recipe, set }: Pick<DataArguments, 'data' | 'set'> & { readonly recipe?: string },
): Promise<Experiment> {
  const { experiment } = await openExperiment(name);
  const onOwn = data === undefined ? experiment : await onData(experiment, data, set);
  if (experiment.stages && !onOwn.stages) {
    console.error(`${name} is trained without its stages, as its data are those of ${data}.`);
  }
  return withSettings(recipe === undefined ? onOwn : withRecipe(onOwn, recipe), set);
}

/** The dataset of an experiment as the options change it. */
export const datasetOf = async (name: string, options: DataArguments): Promise<Dataset> =>
  createDataset(await experimentOf(name, options), options.seed);
