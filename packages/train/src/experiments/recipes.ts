import { option, UsageError } from '../errors.js';
import { isDrawn } from './dataset-config.js';
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
const ofSteps = (steps: number) => ({ steps, dataset: { frames: steps + 1 } });

/** Sequences of one object, for one component. */
const alone = { ...ofSteps(10), components: 1, dataset: { ...ofSteps(10).dataset, objects: 1 } };

/** Batches of 16 that are drawn without end, an epoch of 500 of them; gradients are clipped. */
const drawnBatches = { batchSize: 16, epochInputs: 500 * 16, clipNorm: 1000 };

/**
 * One object and K = 1 first: at a third of the time a step, the network learns there to draw a shape where it is going to be. Then as
 * many objects and components as are asked for, with the gradient through γ in the input mask alone, which keeps components from
 * sharing objects: on the first frames alone, where the components have to agree on who takes which object, and on whole sequences.
 */
const oneObjectFirst: RecipeChanges = {
  dataset: { training: WITHOUT_END },
  gammaGradient: 'mask',
  ...drawnBatches,
  stages: [
    { ...alone, epochs: 20, learningRate: { peak: 0.002, decay: { until: 10_000, to: 0.0002 } } },
    { ...ofSteps(6), epochs: 16, learningRate: { peak: 0.001, decay: { until: 8000, to: 0.0001 } } },
    { epochs: 8, learningRate: { peak: 0.0004, decay: { until: 4000, to: 0.00002 } } },
  ],
};

/**
 * One digit and K = 1 first, then two, as for shapes. Gradients are smaller than those of shapes: their median norm is 72, and without
 * clipping near it the loss rises every other thousand updates.
 */
const oneDigitFirst: RecipeChanges = {
  dataset: { training: WITHOUT_END },
  gammaGradient: 'mask',
  batchSize: 16,
  epochInputs: 1000 * 16,
  clipNorm: 40,
  stages: [
    { ...alone, epochs: 20, learningRate: { peak: 0.002, decay: { until: 20_000, to: 0.0001 } } },
    { ...ofSteps(10), epochs: 14, learningRate: { peak: 0.001, decay: { until: 14_000, to: 0.0001 } } },
    { epochs: 3, clipNorm: 80, learningRate: { peak: 0.0004, decay: { until: 3000, to: 0.00002 } } },
  ],
};

/** Batches of 16, an epoch of 500 of them, and the gradient through γ in the input mask alone. */
const smallBatches = { gammaGradient: 'mask', batchSize: 16, epochInputs: 500 * 16 } as const;

/** The recipes, beside which the paper's settings are the default. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'fast',
    description:
      'Static shapes: batches of 16, with the gradient through γ in the input mask alone (test AMI 0.85 to 0.86 after 15,000 updates, of N-EM 0.60 to 0.62 after 10,000, five seeds each). Flying shapes: one object and K = 1 first, then as many as are asked for, on the first frames and on whole sequences (22,000 updates). Flying MNIST: one digit first, then two (test AMI 0.79 to 0.80 after 37,000 updates, two seeds). docs/recipes.md has the scores.',
    changes: {
      'static-shapes': { ...smallBatches, epochs: 30 },
      'static-shapes-nem': { ...smallBatches, epochs: 20 },
      'flying-shapes-3': oneObjectFirst,
      'flying-shapes-4': oneObjectFirst,
      'flying-shapes-5': oneObjectFirst,
      'flying-mnist': oneDigitFirst,
    },
  },
];

/** The recipes of an experiment. */
export const recipesOf = (experiment: string): Recipe[] =>
  RECIPES.filter(({ changes }) => Object.hasOwn(changes, experiment));

/**
 * An experiment as a recipe trains it.
 * @throws UsageError where the experiment has no such recipe, or the recipe changes data that are not drawn here
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
  const changes = recipe.changes[experiment.name]!;
  if (!isDrawn(experiment.dataset) && (changes.dataset || changes.stages)) {
    throw new UsageError(
      `the recipe ${name} of ${experiment.name} changes how the data are drawn, and those given are not drawn`,
      ['leave out ', option('recipe'), ' or ', option('data'), '.'],
    );
  }
  const changed = withChanges(experiment, changes) as Record<string, unknown>;
  return parseExperiment({ ...changed, recipe: name });
}
