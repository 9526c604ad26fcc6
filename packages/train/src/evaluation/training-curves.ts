import { componentColour, toHex } from '@nem/report';
import { type Curve, curvesSvg } from '@nem/report/charts';
import { type Names, requireOptions } from '../require-options.js';
import { bestEpoch, type EpochRecord, type UpdateLoss } from '../run/epoch-record.js';
import { epochScoreOf } from '../scores/record.js';
import { PAPER_SCORE, SCORES, type ScoreKey, scoreDefinition, VIEWS } from '../scores/table.js';

export interface TrainingCurvesOptions {
  /** Heading of the figure. Default: `Training`. */
  readonly title?: string;
  /** Losses of single updates, in order: given, the curves go by updates and these are a thin line. Default none: by epochs. */
  readonly losses?: readonly UpdateLoss[];
}

const NAMES: Names<TrainingCurvesOptions> = { title: true, losses: true };

/**
 * Loss and scores of a run by epoch, with a mark at the epoch of the lowest validation loss: an SVG document.
 * @throws UsageError for an unknown option; ReportError for no epochs
 */
export function trainingCurvesSvg(epochs: readonly EpochRecord[], options: TrainingCurvesOptions = {}): string {
  requireOptions(options, 'trainingCurvesSvg', NAMES);
  const curve = (key: ScoreKey): Curve => {
    const { label, colour } = scoreDefinition(key);
    return {
      name: label,
      colour: colour === undefined ? undefined : toHex(componentColour(colour)),
      validation: epochs.map(({ validation }) => epochScoreOf(validation, key)),
      training: epochs.map(({ training }) => epochScoreOf(training, key)),
    };
  };
  const { range } = SCORES[PAPER_SCORE];
  const scores = VIEWS.scoreCurves.map(curve);
  // Of one object, or by one component, there are the losses alone.
  const isScored = scores.some(({ validation }) => validation.some(Number.isFinite));
  return curvesSvg({
    ...options,
    epochs,
    best: bestEpoch(epochs),
    panels: [
      { heading: 'Loss', curves: VIEWS.lossCurves.map(curve) },
      isScored
        ? { heading: 'Scores over the pixels of objects', range, curves: scores }
        : { heading: 'Negative log likelihood of the next frame', curves: VIEWS.unscoredCurves.map(curve) },
    ],
  });
}
