import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { engineSpec, findExperiment } from '../experiments/index.js';
import { besideOthers, planEvaluation } from './plan.js';

const flying = findExperiment('flying-shapes-3');
const mnist = findExperiment('flying-mnist');

describe('planEvaluation', () => {
  it('is the run’s own test set by default', () => {
    expect(planEvaluation(flying, 7, {})).toEqual({
      name: 'test set',
      slug: 'test',
      experiment: flying,
      split: 'test',
      count: undefined,
      seed: 7,
    });
  });

  it('changes objects and K, and names both', () => {
    const { experiment, name, slug } = planEvaluation(flying, 0, { objects: 5, components: 4, split: 'validation' });
    expect(experiment.dataset).toMatchObject({ objects: 5, frames: 21 });
    expect(engineSpec(experiment).components).toBe(4);
    expect([name, slug]).toEqual(['validation set, 5 objects, K = 4', 'validation-objects-5-components-4']);
  });

  it.each([
    [{ count: 0 }, 'the option count is 0: give an integer of at least 1.'],
    [{ seed: Number.NaN }, 'the option seed is NaN: give an integer of at least 0.'],
  ])('refuses %j', (changes, sentence) => {
    expect(() => planEvaluation(flying, 0, changes)).toThrow(UsageError);
    expect(() => planEvaluation(flying, 0, changes)).toThrow(sentence);
  });

  it('keeps frames one more than steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.boolean(), (steps, byFrames) => {
        const { experiment } = planEvaluation(mnist, 0, byFrames ? { frames: steps + 1 } : { steps });
        expect(experiment.steps).toBe(steps);
        expect(experiment.dataset).toMatchObject({ frames: steps + 1 });
      }),
    );
  });

  it('takes frames and steps that agree', () => {
    expect(planEvaluation(mnist, 0, { frames: 9, steps: 8 }).experiment.steps).toBe(8);
    expect(() => planEvaluation(mnist, 0, { frames: 9, steps: 9 })).toThrow(UsageError);
  });

  it('has the seed that is asked for, and names it', () => {
    expect(planEvaluation(flying, 7, { seed: 3 })).toMatchObject({
      seed: 3,
      name: 'test set, seed 3',
      slug: 'test-seed-3',
    });
  });

  it('changes which pixels of digits have a group', () => {
    const { experiment, name, slug } = planEvaluation(mnist, 0, { groupThreshold: 0 });
    expect([mnist.dataset, experiment.dataset]).toMatchObject([{ groupThreshold: 0.5 }, { groupThreshold: 0 }]);
    expect([name, slug]).toEqual(['test set, groups of pixels above 0', 'test-group-threshold-0']);
    expect(() => planEvaluation(flying, 0, { groupThreshold: 0.5 })).toThrow(
      'the option groupThreshold is 0.5 where the data are flying-shapes: only digits have pixels of several brightnesses.',
    );
  });

  it('takes data, steps, noise and K of another experiment, and the network, mixture and loss of the run', () => {
    const { experiment } = planEvaluation(mnist, 0, { experiment: 'static-mnist' });
    expect(experiment.dataset.type).toBe('static-mnist');
    expect(experiment.steps).toBe(50);
    expect(experiment.network).toBe(mnist.network);
    expect(experiment.interWeight).toBe(0.2);
    expect(planEvaluation(mnist, 0, { experiment: 'static-mnist', steps: 9 }).experiment.steps).toBe(9);
  });

  it('has a slug of its own for each set of changes', () => {
    const option = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined });
    const changes = fc.record({
      objects: option(9),
      components: option(9),
      steps: option(9),
      groupThreshold: fc.constantFrom(undefined, 0, 0.25),
      seed: option(9),
      split: fc.constantFrom('test', 'training'),
    });
    fc.assert(
      fc.property(changes, changes, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(planEvaluation(mnist, 0, a).slug === planEvaluation(mnist, 0, b).slug).toBe(same);
      }),
    );
  });

  it('of fewer inputs stands beside the one of more, and never in the place of other data', () => {
    const plan = planEvaluation(mnist, 0, { data: 'a/b.h5' });
    const of = (inputs: number, name = plan.name) => [{ name, slug: plan.slug, inputs }];
    expect([besideOthers(plan, 9, []), besideOthers(plan, 9, of(9)), besideOthers(plan, 9, of(8))]).toEqual(
      Array(3).fill(plan),
    );
    expect(besideOthers(plan, 1, of(9))).toMatchObject({
      name: 'test set, a/b.h5, 1 input',
      slug: 'test-data-a_b_h5-count-1',
    });
    const other = planEvaluation(mnist, 0, { data: 'a_b.h5' });
    expect(other.slug).toBe(plan.slug);
    const beside = besideOthers(other, 9, of(9));
    expect(beside.slug).toMatch(/^test-data-a_b_h5-[0-9a-f]{8}$/);
    expect(besideOthers(other, 9, [...of(9), { ...beside, inputs: 3 }])).toEqual(beside);
  });

  it.each([
    [
      { frames: 5, steps: 5 },
      'the option frames is 5 and the option steps is 5: a sequence has a frame more than steps.',
    ],
    [{ split: 'rest' }, "the option split is 'rest': use training, validation, test."],
    [{ experiment: 'flying-shapes-3' }, '24×24'],
    [{ experiment: 'static-mnist', frames: 4 }, 'still images'],
    [
      { data: 'a.h5', objects: 2 },
      'the option objects is 2 where the data are a file: their number cannot be changed: leave the option out.',
    ],
    [{ components: 0 }, 'components is 0'],
    [{ groupThreshold: 1 }, 'dataset.groupThreshold is 1'],
  ])('refuses %j with one sentence', (changes, message) => {
    expect(() => planEvaluation(mnist, 0, changes)).toThrow(UsageError);
    expect(() => planEvaluation(mnist, 0, changes)).toThrow(message);
  });
});
