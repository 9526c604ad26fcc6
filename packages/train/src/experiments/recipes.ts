import { UsageError } from '../errors.js';
import { type Experiment, parseExperiment, type Stage, withChanges } from './schema.js';

/** What a recipe changes of an experiment. */
type RecipeChanges = Stage & Pick<Experiment, 'stages'>;

/** A way to train experiments otherwise than the paper does, as data. Method, data and evaluation stay the paper's. */
export interface Recipe {
  readonly name: string;
  /** What it changes, and what was measured of it. */
  readonly description: string;
  /** By the experiment's name. */
  readonly changes: Readonly<Record<string, RecipeChanges>>;
}

/** As many training inputs as can be counted: they are drawn without end. */
const WITHOUT_END = 2 ** 32;

/** Sequences of `steps` steps. */
const long = (steps: number) => ({ steps, dataset: { frames: steps + 1 } });

/** Short sequences and small batches first; an epoch is 500 updates in the first stages, and 200 in the last. */
const shortFirst: RecipeChanges = {
  dataset: { training: WITHOUT_END },
  epochInputs: 200 * 64,
  learningRate: { peak: 0.001, decay: { until: 20_000, to: 0.0001 } },
  stages: [
    { ...long(5), batchSize: 16, epochInputs: 500 * 16, epochs: 2, learningRate: { peak: 0.001, warmUp: 100 } },
    { ...long(10), batchSize: 32, epochInputs: 500 * 32, epochs: 2, learningRate: 0.001 },
    {},
  ],
};

/** Batches of 16, an epoch of 500 of them, and the gradient through γ in the input mask alone. */
const smallBatches: RecipeChanges = {
  gammaGradient: 'mask',
  batchSize: 16,
  epochInputs: 500 * 16,
  epochs: 30,
};

/** The recipes, beside which the paper's settings are the default. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'fast',
    description:
      'Small batches. Static shapes: the gradient goes through γ in the input mask alone (AMI 0.857 after 7,500 updates of 16, seed 0, still rising). Flying shapes: short sequences first, inputs drawn without end, a learning rate that falls; not measured to its end yet.',
    changes: {
      'static-shapes': smallBatches,
      'flying-shapes-3': shortFirst,
      'flying-shapes-4': shortFirst,
      'flying-shapes-5': shortFirst,
    },
  },
];

/** The recipes of an experiment. */
export const recipesOf = (experiment: string): Recipe[] =>
  RECIPES.filter(({ changes }) => Object.hasOwn(changes, experiment));

/**
 * An experiment as a recipe trains it.
 * @throws UsageError where the experiment has no such recipe
 */
export function withRecipe(experiment: Experiment, name: string): Experiment {
  const known = recipesOf(experiment.name);
  const recipe = known.find((one) => one.name === name);
  if (!recipe) {
    const names = known.map((one) => one.name).join(', ');
    throw new UsageError(
      `${experiment.name} has no recipe '${name}'`,
      names
        ? `use ${names}, or leave it out for the paper's settings.`
        : "leave it out: it has the paper's settings alone.",
    );
  }
  const changed = withChanges(experiment, recipe.changes[experiment.name]!) as Record<string, unknown>;
  return parseExperiment({ ...changed, recipe: name });
}
