import type { Engine } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import { overviewSvg } from '@nem/report';
import { frameCurvesSvg } from '@nem/report/charts';
import type { RunFolder } from '../run/run-folder.js';
import { type Scores, scoreOf } from '../scores/record.js';
import { PAPER_SCORE, SCORES, type ScoreKey, scoreDefinition } from '../scores/table.js';
import { svgToPng } from '../system/svg-to-png.js';
import { capitalized } from '../words.js';
import type { EvaluationPlan } from './plan.js';
import { type RunEvaluation, readEvaluations } from './record.js';
import { overviewSamples } from './run-pictures.js';
import { runReport } from './run-report.js';
import type { Spread } from './spread.js';
import { trainingCurvesSvg } from './training-curves.js';

/** Inputs in the overview picture, one below the other: as wide as a page shows without making it smaller. */
const OVERVIEW_INPUTS = 3;

/** The name of an evaluation's picture; those of the plain one need no prefix. */
const pictureName = (slug: string, kind: string) => (slug === 'test' ? kind : `${slug}-${kind}`);

async function writePicture(place: RunFolder, name: string, svg: string): Promise<Uint8Array> {
  const png = await svgToPng(svg);
  place.write(`report/${name}.svg`, svg);
  place.write(`report/${name}.png`, png);
  return png;
}

/** The score that is drawn by frame: that of the paper, or the next-step loss where there are no groups to score. */
const drawnByFrame = (scores: Partial<Scores<number>>): ScoreKey =>
  Number.isFinite(scoreOf(scores, PAPER_SCORE)) ? PAPER_SCORE : 'predictionLoss';

/** Draws what an evaluation saw; returns the overview picture. */
export async function writePictures(
  place: RunFolder,
  engine: Engine,
  dataset: Dataset,
  { experiment, seed, split, slug }: EvaluationPlan,
  { record, frameName: xName }: RunEvaluation,
): Promise<Uint8Array> {
  const count = Math.min(OVERVIEW_INPUTS, dataset.sizes[split]);
  const samples = await overviewSamples({ engine, dataset, experiment, seed, count, split });
  const { name, frames } = record;
  const key = drawnByFrame(record);
  const scores = frames.map((scored) => ({ frame: scored.frame, ...(scoreOf(scored, key) as Spread) }));
  const { name: title, label: yName, range: yRange } = scoreDefinition(key);
  const byFrame = {
    title: capitalized(`${title} by ${xName}`),
    xName,
    yName,
    yRange,
    scores: [{ name, frames: scores }],
  };
  await writePicture(place, pictureName(slug, 'frames'), frameCurvesSvg(byFrame));
  return writePicture(place, pictureName(slug, 'overview'), overviewSvg(samples, { samplesPerRow: 1 }));
}

/**
 * What is known of a run: its training, and the evaluations of its weights that are in `place`.
 * @param weights the digest of the weights
 * @throws RunError for a file that is damaged
 */
export const readKnown = (folder: RunFolder, place: RunFolder, weights: string) => ({
  epochs: folder.readEpochs(),
  losses: folder.readLosses(),
  tests: readEvaluations(place.path, weights),
});

/** Writes into `place` the report of all that is known of a run and its weights; for the parameters see {@link readKnown}. */
export async function writeReport(folder: RunFolder, place: RunFolder, weights: string): Promise<void> {
  const config = folder.readConfig();
  const { epochs, losses, tests } = readKnown(folder, place, weights);
  await writePicture(place, 'curves', trainingCurvesSvg(epochs, { losses }));
  const picture = (title: string, name: string) => ({ title, png: `${name}.png`, svg: `${name}.svg` });
  const { name, description } = config.experiment;
  const report = runReport({
    name,
    description,
    configuration: { ...config },
    epochs,
    tests,
    pictures: [
      picture('Curves', 'curves'),
      ...tests.flatMap((test) => [
        picture(`Overview: ${test.name}`, pictureName(test.slug, 'overview')),
        picture(
          capitalized(`${SCORES[drawnByFrame(test)].name} by frame: ${test.name}`),
          pictureName(test.slug, 'frames'),
        ),
      ]),
    ],
  });
  place.write('report/index.md', report);
}
