import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Experiment, findExperiment, withDataFile } from '../experiments/index.js';
import { chainOf, type Origin, originSchema, trainingOf } from './origin.js';
import type { RunConfig } from './run-config.js';
import { weightsMetadata } from './weights-metadata.js';

const experiment = findExperiment('static-shapes');
const sha256 = 'a'.repeat(64);
const validation = { loss: 1, adjustedRand: 1, adjustedMutualInfo: 1, confidence: 1, inputs: 1 };
const epoch = { epoch: 2, update: 1562, training: validation, validation } as Parameters<typeof weightsMetadata>[1];

/** The same on data of a user's own that have many options. */
const { height, width, training, test } = experiment.dataset as Extract<
  Experiment['dataset'],
  { type: 'static-shapes' }
>;
const large: Experiment = {
  ...experiment,
  dataset: {
    ...{ type: 'custom', name: 'dots', version: 1, frames: 1, objects: 3, fingerprint: 'a' },
    ...{ height, width, training, validation: test, test },
    options: { places: Array.from({ length: 800 }, (_, i) => i) },
  },
};

/** What a run says that starts from the best weights of another one. */
function startedFrom(source: string, config: Partial<RunConfig> & { experiment: Experiment }): Origin {
  const metadata = weightsMetadata({ engine: 'cpu', seed: 3, ...config }, epoch);
  return { source, sha256, trained: trainingOf(metadata) };
}

describe('where weights came from', () => {
  it('is how they were trained, with the trainings before', () => {
    const first = startedFrom('/home/anna/runs/first', { experiment });
    const second = startedFrom('/home/anna/runs/second', { experiment, precision: 'bfloat16', seed: 4, from: first });
    expect(second.trained).toEqual({
      ...{ experiment, seed: 4, precision: 'bfloat16', updates: 1562 },
      from: { source: 'first', sha256, trained: { experiment, seed: 3, updates: 1562 } },
    });
    expect(parse(originSchema, JSON.parse(JSON.stringify(second)))).toEqual(second);
    expect(chainOf(second).map(({ source, training }) => [source, training.seed])).toEqual([
      ['first', 3],
      ['/home/anna/runs/second', 4],
    ]);
  });

  it('names no folder of the machine that they were trained on', () => {
    const read = withDataFile(experiment, '/home/anna/shapes.h5');
    const { trained } = startedFrom('run', { experiment: read });
    expect(JSON.stringify(trained)).toContain('"shapes.h5"');
    expect(JSON.stringify(trained)).not.toContain('anna');
  });

  it('is a first stage as a training of its own, and unknown of a later stage', () => {
    const stage = (number: number) =>
      startedFrom('second', {
        experiment: { ...experiment, name: `static-shapes, stage ${number}`, recipe: 'fast' },
        from: startedFrom('/home/anna/runs/first/stages/1', { experiment }),
      }).trained;
    expect(stage(1)?.experiment).toEqual(experiment);
    expect(stage(1)?.from?.source).toBe('first/stages/1');
    expect(stage(2)).toBeUndefined();
  });

  it('keeps the last twelve trainings of a longer chain', () => {
    let origin: Origin | undefined;
    for (let seed = 0; seed < 15; seed++) origin = startedFrom(`run-${seed}`, { experiment, seed, from: origin });
    expect(chainOf(origin).map(({ source }) => source)).toEqual(Array.from({ length: 12 }, (_, i) => `run-${i + 3}`));
  });

  it('keeps fewer of trainings with many values, so that a configuration with them can be read', () => {
    let origin: Origin | undefined;
    for (let seed = 0; seed < 4; seed++) origin = startedFrom(`run-${seed}`, { experiment: large, seed, from: origin });
    expect(chainOf(origin).map(({ source }) => source)).toEqual(['run-2', 'run-3']);
  });

  it.each([
    [{}],
    [{ format: 'pt' }],
    [{ model: 'none' }],
    [{ ...weightsMetadata({ experiment, engine: 'cpu', seed: 3 }, epoch), training: '{"seed":"three"}' }],
    [
      {
        ...weightsMetadata({ experiment, engine: 'cpu', seed: 3 }, epoch),
        training: '{"seed":3,"updates":1,"experiment":{}}',
      },
    ],
  ])('is unknown where the metadata %o do not say it as runs do', (metadata: Record<string, string>) => {
    expect(trainingOf(metadata)).toBeUndefined();
  });
});
