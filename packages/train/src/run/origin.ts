import { type JsonObject, readModelMetadata } from '@nem/core';
import { z } from 'zod';
import { PRECISIONS, type Precision } from '../engines/precision.js';
import { type Experiment, parseExperiment, upgradeExperiment } from '../experiments/index.js';
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

const experiment = z.unknown().transform((written) => parseExperiment(upgradeExperiment(written).experiment));

const trainingSchema: z.ZodType<OriginTraining> = z.object({
  experiment,
  precision: z.enum(PRECISIONS).optional(),
  from: z.lazy(() => originSchema).optional(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  updates: z.int().min(0),
});

export const originSchema: z.ZodType<Origin> = z.strictObject({
  source: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  trained: trainingSchema.optional(),
});

/** A chain of trainings without those that are too long ago. */
function cut(training: OriginTraining, length = LONGEST_CHAIN): OriginTraining {
  const { from, ...rest } = training;
  if (!from) return training;
  const { trained, ...origin } = from;
  return { ...rest, from: trained && length > 1 ? { ...origin, trained: cut(trained, length - 1) } : origin };
}

function metadataTraining(metadata: Readonly<Record<string, string>>): JsonObject | undefined {
  try {
    return readModelMetadata(metadata)?.training;
  } catch {
    // The weights can be started from without a description of them.
    return undefined;
  }
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
  const written = metadataTraining(metadata);
  if (!written) return undefined;
  try {
    // A stranger's file may say anything there.
    const training = withoutStage(trainingSchema.parse(written));
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
