import { SCORE_KEYS, type SCORES, type ScoreKey } from './table.js';

type FieldOf<K extends string> = K extends `${infer F}.${string}` ? F : K;
type VariantOf<K extends string, F extends string> = K extends `${F}.${infer V}` ? V : never;
type Nested<K extends ScoreKey, T> = {
  readonly [F in FieldOf<K>]: [VariantOf<K, F>] extends [never] ? T : { readonly [V in VariantOf<K, F>]: T };
};
type AlwaysKey = { [K in ScoreKey]: (typeof SCORES)[K] extends { always: true } ? K : never }[ScoreKey];

/** A value of each score, as records have them, e.g. `adjustedMutualInfo.max`; see {@link SCORES}. */
export type Scores<T> = Nested<ScoreKey, T>;

/** The same of a record that an older version may have written. */
type RecordedScores<T> = Nested<AlwaysKey, T> & Partial<Scores<T>>;

/** Scores of the kept weights on one test set (method, section 7). A value that could not be computed is NaN. */
export interface TestScores extends RecordedScores<number> {
  /** What was tested, e.g. `test set` or `5 objects, K = 3`. */
  readonly name: string;
  /** Number of inputs scored. */
  readonly inputs: number;
  /** The published score to compare with, e.g. `AMI 0.826 ± 0.005`. Left out: no column where no test has it. */
  readonly published?: string;
}

/** Scores of an epoch: AMI is the paper's alone. A value that could not be computed is NaN. */
export type EpochScores = { readonly [F in FieldOf<AlwaysKey>]: number } & {
  readonly [F in FieldOf<ScoreKey>]?: number;
};

/** Builds a record's scores. */
export function scoresOf<T>(value: (key: ScoreKey) => T): Scores<T> {
  const scores: Record<string, T | Record<string, T>> = {};
  for (const key of SCORE_KEYS) {
    const [field, variant] = key.split('.') as [string, string?];
    if (variant === undefined) scores[field] = value(key);
    else scores[field] = { ...(scores[field] as Record<string, T> | undefined), [variant]: value(key) };
  }
  return scores as Scores<T>;
}

/** A score of a record; undefined where an older version wrote none. */
export function scoreOf<T>(scores: Partial<Scores<T>>, key: ScoreKey): T | undefined {
  const [field, variant] = key.split('.') as [string, string?];
  const found = (scores as Readonly<Record<string, unknown>>)[field];
  return (variant === undefined ? found : (found as Readonly<Record<string, unknown>> | undefined)?.[variant]) as T;
}

/** A score of an epoch, which has one of the scores that share a field. */
export const epochScoreOf = (scores: Partial<EpochScores>, key: ScoreKey): number | undefined =>
  scores[key.split('.')[0] as keyof EpochScores];

/** The scores of an epoch from those of a split, with what else these have: of scores that share a field the first. */
export function epochScoresOf<S extends Scores<number>>(scores: S): Omit<S, keyof Scores<number>> & EpochScores {
  const values = new Map<string, number>();
  for (const key of SCORE_KEYS) {
    const [field] = key.split('.') as [string];
    const value = scoreOf(scores, key);
    if (value !== undefined && !values.has(field)) values.set(field, value);
  }
  return { ...scores, ...Object.fromEntries(values) } as unknown as Omit<S, keyof Scores<number>> & EpochScores;
}

/** The other scores in the same field of a record, e.g. AMI with another average of the entropies. */
export const variantsOf = (key: ScoreKey): ScoreKey[] =>
  SCORE_KEYS.filter((other) => other !== key && other.split('.')[0] === key.split('.')[0]);
