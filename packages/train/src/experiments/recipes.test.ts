import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { planEvaluation } from '../evaluation/plan.js';
import { findExperiment, RECIPES, recipesOf, stageExperiments, withDataFile, withRecipe } from './index.js';

const all = RECIPES.flatMap(({ name, changes }) =>
  Object.keys(changes).map((experiment) => [experiment, name] as const),
);

describe('every recipe', () => {
  it.each(all)('of %s: %s is an experiment whose stages can be trained', (name, recipe) => {
    const paper = findExperiment(name);
    const changed = withRecipe(paper, recipe);
    expect(changed.recipe).toBe(recipe);
    expect(stageExperiments(changed)).toHaveLength(changed.stages?.length ?? 0);
    // Its weights are evaluated as the paper's are, but for how many there are to train on.
    const { experiment } = planEvaluation(changed, 0, {});
    for (const field of ['network', 'mixture', 'noise', 'components', 'steps'] as const) {
      expect(experiment[field]).toEqual(paper[field]);
    }
    expect({ ...experiment.dataset, training: 0 }).toEqual({ ...paper.dataset, training: 0 });
  });
});

describe('withRecipe', () => {
  it('refuses a recipe that there is not, and names those that there are', () => {
    expect(() => withRecipe(findExperiment('flying-shapes-3'), 'quick')).toThrow(UsageError);
    expect(() => withRecipe(findExperiment('flying-shapes-3'), 'quick')).toThrow(
      "flying-shapes-3 has no recipe 'quick': use fast, or leave it out for the paper's settings.",
    );
    expect(() => withRecipe(findExperiment('static-mnist'), 'fast')).toThrow(
      "static-mnist has no recipe 'fast': leave it out: it has the paper's settings alone.",
    );
    expect(recipesOf('static-mnist')).toEqual([]);
  });

  it('refuses to change how data are drawn that are read, and takes them where it changes nothing of them', () => {
    const read = (name: string) => withRecipe(withDataFile(findExperiment(name), 'a.h5'), 'fast');
    expect(() => read('flying-shapes-3')).toThrow(UsageError);
    expect(() => read('flying-shapes-3')).toThrow(
      'the recipe fast of flying-shapes-3 changes how the data are drawn, and those given are not drawn: leave out the option recipe or the option data.',
    );
    expect(read('static-shapes')).toMatchObject({ recipe: 'fast', batchSize: 16, dataset: { type: 'hdf5' } });
  });
});
