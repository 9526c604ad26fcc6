import { isObject } from '../system/json.js';

/** An experiment in today's form, and a sentence where it was in an older one. */
interface UpgradedExperiment {
  readonly experiment: unknown;
  readonly notice?: string;
}

/** The types of datasets that had the field `speed`. */
const FLYING: readonly unknown[] = ['flying-shapes', 'flying-mnist'];

/** A stage in today's form: before stages could change every field they had `variations` and a learning rate alone. */
function upgradeStage(stage: unknown): unknown {
  if (!isObject(stage) || stage.variations === undefined || stage.dataset !== undefined) return stage;
  const { variations, ...rest } = stage;
  return { dataset: { variations }, ...rest };
}

/** The same with its stages in today's form. */
function withTodaysStages(value: Record<string, unknown>): Record<string, unknown> {
  return Array.isArray(value.stages) ? { ...value, stages: value.stages.map(upgradeStage) } : value;
}

/**
 * The form that an experiment has today. Before version 0.1.0 flying objects had sub-pixel motion and the field `speed`; a run
 * of that time goes on with, and is evaluated on, the data that it was trained on.
 * @param written an experiment, unchecked
 */
export function upgradeExperiment(written: unknown): UpgradedExperiment {
  const value = isObject(written) ? withTodaysStages(written) : written;
  if (!isObject(value) || !isObject(value.dataset)) return { experiment: value };
  const { speed, ...dataset } = value.dataset;
  if (!FLYING.includes(dataset.type) || speed === undefined || dataset.motion !== undefined)
    return { experiment: value };
  const motion = { type: 'subPixel', speed };
  return {
    experiment: { ...value, dataset: { ...dataset, motion } },
    notice: `its configuration has no dataset.motion, as older versions wrote it: its data fly by ${JSON.stringify(motion)}, not by the paper's whole pixels.`,
  };
}
