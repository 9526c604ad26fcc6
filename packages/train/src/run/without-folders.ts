import { win32 } from 'node:path';
import { type DatasetConfig, movedTo, sourceOf } from '../experiments/dataset-config.js';
import type { Experiment } from '../experiments/index.js';

/** The last part of a path of any platform: a run may be recorded on another one than it was trained on. */
const baseName = (path: string) => win32.basename(path);

interface Configured {
  readonly experiment: Experiment;
  readonly from?: { readonly source: string };
}

function inNoFolder(dataset: DatasetConfig): DatasetConfig {
  const source = sourceOf(dataset);
  const isRead = dataset.type === 'hdf5' || dataset.type === 'custom';
  return isRead && source !== undefined ? movedTo(dataset, baseName(source)) : dataset;
}

/** A part of a run, by its path: one of its stages, its weights or checkpoint, or those of a stage. */
const PART_OF_RUN = /[^/\\]+(?=[/\\](stages|checkpoints)[/\\])([/\\]stages[/\\]\d+)?([/\\]checkpoints[/\\][^/\\]+)?$/;

/** The name of a run or a file without the folders that it lies in; a part of a run keeps the run's name, e.g. `first/stages/1`. */
const nameOf = (source: string) => PART_OF_RUN.exec(source)?.[0] ?? baseName(source);

/** The run, or the stage of one, that weights are of: `first` of `first/checkpoints/last.safetensors`. */
export const runOf = (source: string): string => source.replace(/[/\\]checkpoints[/\\][^/\\]+$/, '');

/** A configuration without the folders of the machine that it was written on. */
export function withoutFolders<C extends Configured>(config: C): C {
  const { experiment, from } = config;
  return {
    ...config,
    experiment: { ...experiment, dataset: inNoFolder(experiment.dataset) },
    ...(from && { from: { ...from, source: nameOf(from.source) } }),
  };
}
