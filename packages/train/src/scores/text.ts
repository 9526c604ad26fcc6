import { fixed } from '../words.js';
import { type EpochScores, epochScoreOf, type Scores, scoreOf } from './record.js';
import { SCORES, type ScoreKey, scoreDefinition, UNITS, VIEWS } from './table.js';

/** What stands for a number that could not be computed. */
const NO_NUMBER = '–';

/** The decimals that a score is written with. */
export const decimalsOf = (key: ScoreKey): number => UNITS[SCORES[key].unit].decimals;

/** A score as text. */
export const scoreText = (key: ScoreKey, value: number): string =>
  Number.isFinite(value) ? fixed(value, decimalsOf(key)) : NO_NUMBER;

/** A score as text that shows small differences; a dash for one that is absent too. */
export const exactScoreText = (key: ScoreKey, value = Number.NaN): string =>
  Number.isFinite(value) ? UNITS[SCORES[key].unit].exact(value) : NO_NUMBER;

/** What is said of scores in a sentence: not those that could not be computed, but of a loss that it could not. */
const isSaid = (key: ScoreKey, value: number) => key === 'loss' || Number.isFinite(value);

/** Scores of a test in a sentence, e.g. `AMI 0.812 (max, as in the paper), 0.823 (arithmetic), ARI 0.9`. */
export function scoreSentence(scores: Partial<Scores<number>>): string {
  const said = VIEWS.test.flatMap((key) => {
    const value = scoreOf(scores, key) ?? Number.NaN;
    return isSaid(key, value) ? [{ ...scoreDefinition(key), text: scoreText(key, value) }] : [];
  });
  const parts = said.map(({ name, note, text }, i) => {
    const isNamed = said[i - 1]?.name === name;
    return `${isNamed ? '' : `${name} `}${text}${note === undefined ? '' : ` (${note})`}`;
  });
  return parts.join(', ');
}

/** Scores of an epoch in a sentence, e.g. `loss 120.3, ARI 0.900`. */
export function epochSentence(scores: Partial<EpochScores>): string {
  const parts = VIEWS.epochLine.flatMap((key) => {
    const value = epochScoreOf(scores, key) ?? Number.NaN;
    return isSaid(key, value) ? [`${SCORES[key].label} ${scoreText(key, value)}`] : [];
  });
  return parts.join(', ');
}
