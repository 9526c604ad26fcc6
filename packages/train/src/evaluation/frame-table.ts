import { scoreOf } from '../scores/record.js';
import { SCORES, type ScoreKey, VIEWS } from '../scores/table.js';
import { scoreText } from '../scores/text.js';
import type { RunEvaluation } from './record.js';
import type { Spread } from './spread.js';

/** The scores of each frame as `mean [lower quartile, upper quartile]`: the head and the rows of a table. */
export function frameTable({ record, frameName }: RunEvaluation): { head: string[]; rows: string[][] } {
  const cell = (key: ScoreKey, { mean, lowerQuartile, upperQuartile }: Spread) =>
    `${scoreText(key, mean)} [${scoreText(key, lowerQuartile)}, ${scoreText(key, upperQuartile)}]`;
  return {
    head: [frameName, ...VIEWS.test.map((key) => SCORES[key].label)],
    rows: record.frames.map((scores) => [
      String(scores.frame),
      ...VIEWS.test.map((key) => cell(key, scoreOf(scores, key) as Spread)),
    ]),
  };
}
