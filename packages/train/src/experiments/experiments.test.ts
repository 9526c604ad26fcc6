import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { elements, type LayerSpec, networkShape, parseVector, type RnnEmSpec } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import {
  type Experiment,
  engineSpec,
  experiments,
  findExperiment,
  parseExperiment,
  requireUsed,
  stageExperiments,
  withDataFile,
  withMostEpochs,
  withRecipe,
  withSettings,
} from './index.js';

const vectors = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');

function vectorSpec(name: string) {
  return parseVector(JSON.parse(readFileSync(join(vectors, `${name}.json`), 'utf8'))).spec;
}

/** A layer without its size: what must be the same in the golden vectors' small networks. */
function kind(layer: LayerSpec) {
  const { size: _, shape: __, ...rest } = layer as unknown as Record<string, unknown>;
  return { layerNorm: false, ...rest };
}

/** The layers without a norm of their own have no such field in a vector, or false. */
const kinds = (layers: readonly LayerSpec[]) => layers.map(kind);

describe('the experiments', () => {
  it.each(experiments.map((experiment) => [experiment.name, experiment] as const))(
    '%s is whole and can be built',
    (_, experiment) => {
      expect(parseExperiment(structuredClone(experiment))).toEqual(experiment);
      const { height, width } = experiment.dataset;
      expect(networkShape(experiment.network, height * width).parameters.length).toBeGreaterThan(0);
      expect(engineSpec(experiment).objective.stepWeights).toHaveLength(experiment.steps);
    },
  );

  it('ask an engine for the loss of the last step of a still image, and of every step of a sequence', () => {
    const weights = (name: string) => engineSpec(findExperiment(name)).objective.stepWeights;
    expect(weights('static-shapes')).toEqual([...new Array(14).fill(0), 1]);
    expect(weights('flying-shapes-3')).toEqual(new Array(20).fill(1));
  });

  it('have names of their own', () => {
    expect(new Set(experiments.map(({ name }) => name)).size).toBe(experiments.length);
    expect(() => findExperiment('flying-carpets')).toThrow(UsageError);
  });

  it.each([
    ['flying-shapes-3', 'rnnem-flying-shapes'],
    ['flying-shapes-5-autoencoder', 'recurrent-autoencoder'],
    ['flying-mnist', 'rnnem-flying-mnist'],
    ['static-shapes', 'rnnem-static-shapes'],
  ])('%s has the layers and the mixture of the golden vector %s', (name, vector) => {
    const { network, mixture, interWeight, lossSteps } = findExperiment(name);
    const { input, recurrent, output } = network as RnnEmSpec;
    const golden = vectorSpec(vector);
    const expected = golden.network as RnnEmSpec;
    expect(kinds(input)).toEqual(kinds(expected.input));
    expect(kinds(output)).toEqual(kinds(expected.output));
    expect({ ...recurrent, size: 0 }).toEqual({ ...expected.recurrent, size: 0 });
    expect(mixture).toEqual(golden.mixture);
    expect(interWeight).toBe(golden.objective.interWeight);
    expect(lossSteps === 'last').toBe(golden.objective.stepWeights.includes(0));
  });

  it('of flying shapes have 3,403,389 parameters, whatever K', () => {
    for (const name of ['flying-shapes-3', 'flying-shapes-5', 'flying-shapes-4-autoencoder']) {
      const { parameters } = networkShape(findExperiment(name).network, 784);
      expect(parameters.reduce((sum, { shape }) => sum + elements(shape), 0)).toBe(3_403_389);
    }
  });

  it('have the paper’s schedules', () => {
    const { stages, ...staged } = findExperiment('flying-mnist-stages');
    expect(stages).toEqual([
      { dataset: { variations: 20 }, learningRate: 0.001 },
      { dataset: { variations: 500 }, learningRate: 0.0005 },
      { dataset: { variations: 'all' }, learningRate: 0.0005 },
    ]);
    const direct = findExperiment('flying-mnist');
    expect({ ...staged, name: '', description: '' }).toEqual({ ...direct, name: '', description: '' });
    for (const { batchSize, epochs, patience, validationInputs, gammaGradient, dataset } of experiments) {
      expect([batchSize, epochs, patience, validationInputs, gammaGradient]).toEqual([64, 500, 10, 1000, false]);
      expect(dataset).toMatchObject({ training: 50_000, validation: 10_000, test: 10_000 });
    }
  });
});

describe('withSettings', () => {
  const base = findExperiment('flying-mnist-stages');

  it('changes one field and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.double({ min: 1e-9, max: 10, noNaN: true }),
        (batchSize, rate) => {
          const changed = withSettings(base, [`batchSize=${batchSize}`, `stages.1.learningRate=${rate}`]);
          expect(changed.batchSize).toBe(batchSize);
          expect(changed.stages![1]!.learningRate).toBe(rate);
          const undone = { ...changed, batchSize: base.batchSize, stages: base.stages };
          expect(undone).toEqual(base);
        },
      ),
    );
  });

  it.each([
    [['steps=5'], 'dataset.frames is 21 where steps is 5'],
    [['dataset.motion.maxVelocity=-1'], 'dataset.motion.maxVelocity is -1'],
    [['dataset.motion={"type":"subPixel","speed":[-1,2]}'], 'dataset.motion.speed.0 is -1'],
    [['dataset.motion.type=fast'], 'dataset.motion.type is "fast"'],
    [['dataset.variations=many'], 'dataset.variations is "many"'],
    [['dataset.variations=0'], 'dataset.variations is 0'],
    [['dataset.colour=1'], "no field 'dataset.colour'"],
    [['dataset.type=flying-carpets'], 'dataset.type is "flying-carpets"'],
    [['stages.3.learningRate=1'], 'no field'],
    [['dataset.objects'], 'not key=value'],
  ])('refuses %j with one sentence', (settings, message) => {
    expect(() => withSettings(base, settings)).toThrow(UsageError);
    expect(() => withSettings(base, settings)).toThrow(message);
  });

  it('of a training may not be of a field that every stage has its own of, but of one that some stage lacks', () => {
    const fast = withRecipe(findExperiment('flying-shapes-3'), 'fast');
    for (const [experiment, given] of [
      [base, 'learningRate=0.01'],
      [fast, 'epochs=1'],
      [fast, 'learningRate={"peak":0.1}'],
    ] as const) {
      const field = given.split('=')[0];
      expect(() => requireUsed(withSettings(experiment, [given]), [given])).toThrow(
        `${given} would change nothing, because every stage has its own ${field}: give each stage its own, e.g. stages.0.${given}.`,
      );
    }
    const settings = ['components=5', 'clipNorm=3', 'stages.0.epochs=1', 'patience=2', 'batchSize=8'];
    const changed = withSettings(fast, settings);
    requireUsed(changed, settings);
    expect(stageExperiments(changed).map(({ components }) => components)).toEqual([1, 5, 5]);
    const some = withSettings(base, ['stages=[{"learningRate":0.001},{}]']);
    expect(() => requireUsed(some, ['learningRate=0.01'])).not.toThrow();
  });

  it('changes fields of a stage, those too that it has not yet', () => {
    const changed = withSettings(base, [
      'stages.0.batchSize=16',
      'stages.2.dataset.variations=40',
      'stages.1.steps=20',
    ]);
    const [first, second, third] = stageExperiments(changed);
    expect([first!.batchSize, second!.batchSize, third!.batchSize]).toEqual([16, 64, 64]);
    expect(third!.dataset).toEqual({ ...base.dataset, variations: 40 });
    expect(second).toEqual({ ...stageExperiments(base)[1], steps: 20 });
  });

  it.each([
    [['stages.0.batchsize=16'], 'stages.0 has the unknown field batchsize'],
    [['stages.0.network={}'], 'stages.0 has the unknown field network'],
    [['stages.1.batchSize=0'], 'stages.1.batchSize is 0: give a number of at least 1.'],
    [['stages.1.dataset.variations=0'], 'in stages.1, dataset.variations is 0'],
    [['stages.1.dataset={"colour":1}'], 'in stages.1, dataset has the unknown field colour'],
    [['stages.1.steps=5'], 'in stages.1, dataset.frames is 21 where steps is 5'],
    [['stages.1.noise={"probability":2}'], 'in stages.1, noise.probability is 2'],
    [['stages.1.dataset={"height":20}'], 'in stages.1, the images are 20×24 where the network takes 24×24'],
    [['learningRate={"peak":0}'], 'learningRate.peak is 0: give a number above 0.'],
    [['learningRate=fast'], 'learningRate is "fast": give a number above 0, or a schedule'],
    [
      ['stages.1.learningRate={"peak":0.001,"warmUp":9,"decay":{"until":9,"to":0}}'],
      'stages.1.learningRate.decay.until is 9: give a number above warmUp, 9.',
    ],
  ])('refuses %j of a stage with one sentence', (settings, message) => {
    expect(() => withSettings(base, settings)).toThrow(UsageError);
    expect(() => withSettings(base, settings)).toThrow(message);
  });

  it('takes frames and steps together', () => {
    const longer = withSettings(findExperiment('flying-mnist'), ['steps=50', 'dataset.frames=51']);
    expect(engineSpec(longer).objective.stepWeights).toHaveLength(50);
  });
});

describe('withMostEpochs', () => {
  it('is of each stage where there are stages', () => {
    const flying = findExperiment('flying-shapes-3');
    const epochs = (experiment: Experiment) => [experiment, ...stageExperiments(experiment)].map((one) => one.epochs);
    expect(epochs(withMostEpochs(flying, 9))).toEqual([9]);
    expect(epochs(withMostEpochs(withRecipe(flying, 'fast'), 10))).toEqual([500, 10, 10, 8]);
    expect(epochs(withMostEpochs(findExperiment('flying-mnist-stages'), 2))).toEqual([2, 2, 2, 2]);
    expect(() => withMostEpochs(flying, 0)).toThrow('epochs is 0: give a number of at least 1.');
  });

  it('changes nothing else', () => {
    const { stages, ...rest } = withMostEpochs(withRecipe(findExperiment('flying-shapes-3'), 'fast'), 1);
    const fast = withRecipe(findExperiment('flying-shapes-3'), 'fast');
    expect({ ...rest, stages: stages?.map((stage) => ({ ...stage, epochs: 0 })) }).toEqual({
      ...fast,
      stages: fast.stages?.map((stage) => ({ ...stage, epochs: 0 })),
    });
  });
});

it('withDataFile keeps all but the data', () => {
  const { dataset, ...rest } = withDataFile(findExperiment('flying-shapes-3'), 'a.h5');
  expect(dataset).toEqual({ type: 'hdf5', file: 'a.h5', height: 28, width: 28 });
  expect(rest.steps).toBe(20);
  expect(parseExperiment({ ...rest, dataset })).toEqual({ ...rest, dataset });
});
