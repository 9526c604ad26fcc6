import { PAPER_SCORE, SCORES } from '../scores/table.js';
import { type Reproduction, scoreValues } from './report.js';
import { statistics } from './statistics.js';

/** The scores of a reproduction for a script, as one JSON object. */
export function reproductionSummary(reproduction: Reproduction) {
  const { results, seeds, precision, recipe, maxMinutes, count, set } = reproduction;
  return {
    rehearsal: maxMinutes !== undefined || count !== undefined || set.length > 0,
    ...{ seeds, precision, recipe, maxMinutes, count, set },
    scores: results.flatMap(({ id, scores }) =>
      scores.map((score) => {
        const values = scoreValues(reproduction, score);
        const { training, evaluatedOn, published } = score;
        const quantity = SCORES[score.quantity ?? PAPER_SCORE].name;
        return { result: id, training: training.id, evaluatedOn, quantity, values, ...statistics(values), published };
      }),
    ),
  };
}
