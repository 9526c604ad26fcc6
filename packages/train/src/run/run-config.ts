import { parseBoundedJson } from '@nem/core';
import * as v from 'valibot';
import { PRECISIONS, type Precision } from '../engines/precision.js';
import { RunError, UsageError } from '../errors.js';
import { movedTo } from '../experiments/dataset-config.js';
import { type Experiment, parseExperiment, parseStrictly, upgradeExperiment } from '../experiments/index.js';
import { reason } from '../system/files.js';
import { integer } from '../system/numbers.js';
import { upgradeComputing } from './older-config.js';
import { type Origin, originSchema } from './origin.js';

/** `config.json`: everything needed to run it again. */
export interface RunConfig {
  readonly experiment: Experiment;
  readonly engine: string;
  /** Worker threads of the engine, where it has any: another number gives other bits. */
  readonly workers?: number;
  /** The variant of its kernels, where it has several: another one gives other bits. */
  readonly kernels?: string;
  /** What products were computed in, where it was not float32. */
  readonly precision?: Precision;
  /** Where the weights came from that training started from. Default: drawn by the seed */
  readonly from?: Origin;
  /**
   * The fingerprint of the images that digits are drawn from, where the data are digits: other images give other samples. Absent of runs
   * of an older version.
   */
  readonly digits?: string;
  readonly seed: number;
}

const configSchema = v.object({
  experiment: v.unknown(),
  engine: v.string(),
  workers: v.optional(integer(1, 1024)),
  kernels: v.optional(v.pipe(v.string(), v.maxLength(64))),
  precision: v.optional(v.picklist(PRECISIONS)),
  float16: v.optional(v.boolean()),
  from: v.optional(originSchema),
  digits: v.optional(v.pipe(v.string(), v.maxLength(64))),
  seed: integer(0),
});

/** @param notice told where the configuration is of an older form. Default: nobody */
function parseConfig(value: unknown, notice?: (sentence: string) => void): RunConfig {
  const config = parseStrictly(configSchema, value, 'the configuration');
  const upgraded = upgradeExperiment(config.experiment);
  const experiment = parseExperiment(upgraded.experiment);
  const { engine, precision, notice: computingNotice } = upgradeComputing(config);
  for (const sentence of [upgraded.notice, computingNotice]) if (sentence) notice?.(sentence);
  const { workers, kernels, from, digits, seed } = config;
  return { experiment, engine, workers, kernels, precision, from, digits, seed };
}

/** The same configuration with its keys in the order of the schema. */
const inOrder = (config: RunConfig): RunConfig => parseConfig(JSON.parse(JSON.stringify(config)));

/** The same text for the same configuration, whatever the order of its keys. */
export const configText = (config: RunConfig): string => JSON.stringify(inOrder(config));

/** The same for the same configuration wherever its data file lies, and whatever computes it: a run may go on with another engine. */
function configIdentity(config: RunConfig): string {
  const { experiment, precision, from, seed } = inOrder(config);
  const { dataset } = experiment;
  const isElsewhere = dataset.type === 'hdf5' || dataset.type === 'custom';
  return JSON.stringify({
    precision,
    from,
    seed,
    experiment: { ...experiment, dataset: isElsewhere ? movedTo(dataset, '') : dataset },
  });
}

/** Whether two configurations are the same, wherever the data of each lie and whatever engine computes each. */
export const isSameConfig = (one: RunConfig, other: RunConfig): boolean =>
  configIdentity(one) === configIdentity(other);

/** Whether two experiments are the same, wherever the data of each lie. */
export const isSameExperiment = (one: Experiment, other: Experiment): boolean => {
  const rest = { engine: '', seed: 0 };
  return isSameConfig({ experiment: one, ...rest }, { experiment: other, ...rest });
};

/** Characters of the largest configuration. */
export const LARGEST_CONFIG = 2 ** 18;
/** The largest experiments have some two hundred values, and with the run are kept those of the weights that it started from. */
const BOUNDS = { characters: LARGEST_CONFIG, values: 4096, packNumbers: false };

/**
 * A configuration of its text, in a run's folder or in a checkpoint.
 * @param notice told where it is of an older form. Default: nobody
 */
export const readConfigText = (text: string, notice?: (sentence: string) => void): RunConfig =>
  parseConfig(parseBoundedJson(text, BOUNDS), notice);

/**
 * The configuration of a run's file.
 * @param read gives the file's text
 * @param notice told where it is of an older form. Default: nobody
 * @throws RunError, which names the file, where it cannot be read or is no configuration
 */
export function configFrom(file: string, read: () => string, notice?: (sentence: string) => void): RunConfig {
  try {
    return readConfigText(read(), (sentence) => notice?.(`${file}: ${sentence}`));
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (error instanceof UsageError) throw new RunError(`in ${file}, ${error.reason}`, error.remedy);
    throw new RunError(`${file} is not a run's configuration (${reason(error)})`, 'train the run again.');
  }
}
