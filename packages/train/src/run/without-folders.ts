import { basename } from 'node:path';
import { type DatasetConfig, movedTo, sourceOf } from '../experiments/dataset-config.js';
import type { Experiment } from '../experiments/index.js';

interface Configured {
  readonly experiment: Experiment;
  readonly from?: { readonly source: string };
}

function inNoFolder(dataset: DatasetConfig): DatasetConfig {
  const source = sourceOf(dataset);
  const isRead = dataset.type === 'hdf5' || dataset.type === 'custom';
  return isRead && source !== undefined ? movedTo(dataset, basename(source)) : dataset;
}

/** The name of a run or a file without the folders that it lies in; a stage keeps those of its run, e.g. `first/stages/1`. */
const nameOf = (source: string) => /[^/\\]+[/\\]stages[/\\]\d+$/.exec(source)?.[0] ?? basename(source);

/** A configuration without the folders of the machine that it was written on. */
export function withoutFolders<C extends Configured>(config: C): C {
  const { experiment, from } = config;
  return {
    ...config,
    experiment: { ...experiment, dataset: inNoFolder(experiment.dataset) },
    ...(from && { from: { ...from, source: nameOf(from.source) } }),
  };
}
