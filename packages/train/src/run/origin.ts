import { parseBoundedJson, readModelMetadata } from '@nem/core';
import * as v from 'valibot';
import { PRECISIONS, type Precision } from '../engines/precision.js';
import { type Experiment, parseExperiment, upgradeExperiment } from '../experiments/index.js';
import { integer } from '../system/numbers.js';
import { withoutFolders } from './without-folders.js';

/** How weights were trained that a run has started from: enough to train them again. */
export interface OriginTraining {
  readonly experiment: Experiment;
  /** What products were computed in, where it was not float32. */
  readonly precision?: Precision;
  /** Where those weights came from in their turn. Default: drawn by the seed */
  readonly from?: Origin;
  readonly seed: number;
  /** Updates that they were trained for. */
  readonly updates: number;
}

/** Where the weights that a run has started from came from. */
export interface Origin {
  /** The run or the file, as it was given. */
  readonly source: string;
  /** SHA-256 of the weights as a safetensors file of float32 without metadata: the same wherever they lie. */
  readonly sha256: string;
  /** How they were trained, where their file says it. Folders of that machine are left out. */
  readonly trained?: OriginTraining;
}

/** Trainings that are kept of a chain of them; older ones are left out. */
const LONGEST_CHAIN = 12;

const experiment = v.pipe(
  v.unknown(),
  v.transform((written) => parseExperiment(upgradeExperiment(written).experiment)),
);

const trainingSchema: v.GenericSchema<unknown, OriginTraining> = v.object({
  experiment,
  precision: v.optional(v.picklist(PRECISIONS)),
  from: v.optional(v.lazy(() => originSchema)),
  seed: integer(0),
  updates: integer(0),
});

export const originSchema: v.GenericSchema<unknown, Origin> = v.strictObject({
  source: v.string(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  trained: v.optional(trainingSchema),
});

/** A run's configuration has room for so much beside its own experiment. */
const ROOM = { characters: 2 ** 16, values: 2048, packNumbers: false };

function fits(training: OriginTraining): boolean {
  try {
    parseBoundedJson(JSON.stringify(training), ROOM);
    return true;
  } catch {
    return false;
  }
}

/** The last trainings of a chain. */
function last({ from, ...rest }: OriginTraining, length: number): OriginTraining {
  if (!from) return rest;
  const { trained, ...origin } = from;
  return { ...rest, from: trained && length > 1 ? { ...origin, trained: last(trained, length - 1) } : origin };
}

/** A chain of trainings without those that are too long ago; undefined where there is no room for a single one. */
function cut(training: OriginTraining): OriginTraining | undefined {
  const shorter = Array.from({ length: LONGEST_CHAIN }, (_, i) => last(training, LONGEST_CHAIN - i));
  return shorter.find(fits);
}

/**
 * A training by itself, where its name says that it was a stage of one: a first stage starts from the seed too. Of a later one
 * it is not known what it started from.
 */
function withoutStage(training: OriginTraining): OriginTraining | undefined {
  const [, name, stage] = /^(.*), stage (\d+)$/.exec(training.experiment.name) ?? [];
  if (name === undefined) return training;
  const { recipe: _, ...own } = training.experiment;
  return stage === '1' ? { ...training, experiment: { ...own, name } } : undefined;
}

/**
 * How the weights of a file were trained, by its metadata; undefined where they do not say it as runs do.
 * @param metadata of the safetensors file
 */
export function trainingOf(metadata: Readonly<Record<string, string>>): OriginTraining | undefined {
  try {
    // A stranger's file may say anything there; its weights can be started from all the same.
    const training = withoutStage(v.parse(trainingSchema, readModelMetadata(metadata)?.training));
    return training && cut(withoutFolders(training));
  } catch {
    return undefined;
  }
}

/** The trainings that led to weights, the first one first, each with what its weights were called. */
export function chainOf(origin: Origin | undefined): { readonly source: string; readonly training: OriginTraining }[] {
  if (!origin?.trained) return [];
  const { source, trained } = origin;
  return [...chainOf(trained.from), { source, training: trained }];
}
