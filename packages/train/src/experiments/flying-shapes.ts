import type { NetworkSpec } from '@nem/core';
import { DEFAULT_MOTION } from '@nem/datasets';
import { conv, resizeConv, resizeConvToPixels } from './layers.js';
import type { Experiment } from './schema.js';
import { staticShapesRnnEm } from './static-shapes.js';

/** The network for flying shapes (method, section 4): 3,403,389 parameters. */
const network: NetworkSpec = {
  type: 'rnn-em',
  input: [
    { type: 'reshape', shape: [28, 28, 1] },
    conv(32),
    conv(64),
    { type: 'flatten' },
    { type: 'dense', size: 512, activation: 'elu', layerNorm: true },
  ],
  recurrent: { size: 100, activation: 'sigmoid', layerNorm: true },
  output: [
    { type: 'dense', size: 512, activation: 'relu', layerNorm: true },
    { type: 'dense', size: 7 * 7 * 64, activation: 'relu', layerNorm: true },
    { type: 'reshape', shape: [7, 7, 64] },
    resizeConv(32),
    resizeConvToPixels('sigmoid'),
    { type: 'flatten' },
  ],
};

/** Flying shapes with as many components as objects (method, sections 4 to 8). */
function flyingShapes(objects: number): Experiment {
  return {
    ...staticShapesRnnEm,
    name: `flying-shapes-${objects}`,
    description: `RNN-EM on sequences of ${objects} flying shapes, K = ${objects}; --set components=K for another K.`,
    dataset: {
      type: 'flying-shapes',
      objects,
      frames: 21,
      motion: DEFAULT_MOTION,
      height: 28,
      width: 28,
      training: 50_000,
      validation: 10_000,
      test: 10_000,
    },
    network,
    components: objects,
    steps: 20,
    noise: { type: 'bitFlip', probability: 0.2 },
    lossSteps: 'all',
  };
}

/** The paper's baseline: with one component RNN-EM is a recurrent autoencoder. */
function autoencoder(experiment: Experiment): Experiment {
  return {
    ...experiment,
    name: `${experiment.name}-autoencoder`,
    description: `The recurrent autoencoder (K = 1) on the same sequences as ${experiment.name}.`,
    components: 1,
  };
}

const flying = [3, 4, 5].map(flyingShapes);

/** Flying shapes with 3, 4 and 5 objects, and the recurrent autoencoder on each. */
export const flyingShapesExperiments: readonly Experiment[] = [...flying, ...flying.map(autoencoder)];
