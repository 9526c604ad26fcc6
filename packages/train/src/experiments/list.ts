import { UsageError } from '../errors.js';
import { flyingMnistExperiments } from './flying-mnist.js';
import { flyingShapesExperiments } from './flying-shapes.js';
import type { Experiment } from './schema.js';
import { staticShapesExperiments } from './static-shapes.js';

/** All experiments. */
export const experiments: readonly Experiment[] = [
  ...staticShapesExperiments,
  ...flyingShapesExperiments,
  ...flyingMnistExperiments,
];

/**
 * The experiment with that name.
 * @throws UsageError that lists the names
 */
export function findExperiment(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (!found) {
    throw new UsageError(`unknown experiment '${name}'`, `use ${experiments.map((known) => known.name).join(', ')}.`);
  }
  return found;
}
