import * as v from 'valibot';
import { SCORE_KEYS, scoreDefinition } from '../scores/table.js';
import { atLeast, finite, integer } from '../system/numbers.js';
import type { EpochRecord, UpdateLoss } from './epoch-record.js';

/** A line of `timing.jsonl`: wall-clock seconds of a stretch of an epoch, up to and with an update. */
interface Stretch {
  readonly epoch: number;
  readonly update: number;
  readonly seconds: number;
}

/** A line of `metrics.jsonl`, which holds no time: the same run gives the same bytes. */
export type EpochMetrics = Omit<EpochRecord, 'seconds'>;

const counter = integer(0);
const score = v.union([finite, v.nan()]);
/** The scores that a run of any version has, by the field of an epoch. */
const scores = Object.fromEntries(
  SCORE_KEYS.filter((key) => scoreDefinition(key).always).map((key) => [key.split('.')[0], score]),
);
const metricsSchema = v.looseObject({
  epoch: integer(1),
  update: counter,
  stage: v.optional(integer(1)),
  training: v.looseObject({ loss: score }),
  validation: v.looseObject(scores),
});
const stretchSchema = v.object({ epoch: integer(1), update: counter, seconds: atLeast(0) });

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** JSON has no NaN: a score that could not be computed was written as null. */
const parseLine = (line: string): unknown => JSON.parse(line, (_, value) => (value === null ? Number.NaN : value));

/**
 * A score that could not be computed is NaN.
 * @throws Error that names the line
 */
export function parseEpochs(text: string): EpochMetrics[] {
  return lines(text).map((line, i) => {
    try {
      return v.parse(metricsSchema, parseLine(line)) as unknown as EpochMetrics;
    } catch {
      throw new Error(`line ${i + 1} is not an epoch`);
    }
  });
}

const lossSchema = v.object({ update: integer(1), loss: score });

export const lossLine = (one: UpdateLoss) => `${JSON.stringify(one)}\n`;

/** The readable losses of a log up to an update, by default all; one that is written twice, after a crash, the last time. */
export function parseLosses(text: string, until = Number.POSITIVE_INFINITY): UpdateLoss[] {
  const found = readable(text, lossSchema).filter(({ update }) => update <= until);
  return [...new Map(found.map((one) => [one.update, one])).values()];
}

export const timingLine = (stretch: Stretch) => `${JSON.stringify(stretch)}\n`;

/** The readable lines: a damaged line of times or losses is skipped, not reported. */
export function readable<T>(text: string, schema: v.GenericSchema<unknown, T>): T[] {
  return lines(text).flatMap((line) => {
    try {
      return [v.parse(schema, parseLine(line))];
    } catch {
      return [];
    }
  });
}

const parseStretches = (text: string): Stretch[] => readable(text, stretchSchema);

/** The lines of a timing log up to an update. */
export function timingUntil(text: string, update: number): string {
  return parseStretches(text)
    .filter((stretch) => stretch.update <= update)
    .map(timingLine)
    .join('');
}

/** The epochs with the seconds that a timing log has of them. */
export function addTimes(epochs: readonly EpochMetrics[], timing: string): EpochRecord[] {
  const seconds = new Map<number, number>();
  for (const stretch of parseStretches(timing)) {
    seconds.set(stretch.epoch, (seconds.get(stretch.epoch) ?? 0) + stretch.seconds);
  }
  return epochs.map((epoch) => ({ ...epoch, seconds: seconds.get(epoch.epoch) ?? 0 }));
}
