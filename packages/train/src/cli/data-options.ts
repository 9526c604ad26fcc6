import type { Dataset } from '@nem/datasets';
import { Option } from 'commander';
import { createDataset, type Experiment, findExperiment, withDataFile, withSettings } from '../experiments/index.js';
import { path } from './options.js';

export const dataOption = () =>
  new Option('--data <file>', "an HDF5 file in place of the experiment's data").argParser(path);
export const splitOption = (also = '') =>
  new Option('--split <name>', `training, validation, test${also}`).default('test');

/** What the commands on data share. */
export interface DataArguments {
  readonly split: string;
  readonly count: number;
  readonly seed: number;
  /** An HDF5 file in place of the experiment's data. */
  readonly data?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** An experiment as the options change it. */
export function experimentOf(name: string, { data, set }: DataArguments): Experiment {
  const experiment = findExperiment(name);
  return withSettings(data === undefined ? experiment : withDataFile(experiment, data), set);
}

/** The dataset of an experiment as the options change it. */
export const datasetOf = (name: string, options: DataArguments): Promise<Dataset> =>
  createDataset(experimentOf(name, options), options.seed);
