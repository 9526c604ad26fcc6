import { expect, it } from 'vitest';
import type { LayerSpec } from './layer-types.js';
import { networkShape } from './network.js';
import type { RnnEmSpec } from './rnn-em.js';
import { elements } from './sample-shape.js';

const activated = { activation: 'elu', layerNorm: true } as const;

/** The network of flying shapes, as section 4 of the method writes it. */
const flyingShapes: RnnEmSpec = {
  type: 'rnn-em',
  input: [
    { type: 'reshape', shape: [28, 28, 1] },
    { type: 'conv', size: 32, kernel: 4, stride: 2, ...activated },
    { type: 'conv', size: 64, kernel: 4, stride: 2, ...activated },
    { type: 'flatten' },
    { type: 'dense', size: 512, ...activated },
  ],
  recurrent: { size: 100, activation: 'sigmoid', layerNorm: true },
  output: [
    { type: 'dense', size: 512, ...activated },
    { type: 'dense', size: 7 * 7 * 64, ...activated },
    { type: 'reshape', shape: [7, 7, 64] },
    { type: 'resizeConv', size: 32, kernel: 4, ...activated },
    { type: 'resizeConv', size: 1, kernel: 4, activation: 'sigmoid' },
    { type: 'flatten' },
  ],
};

it('has as many parameters for flying shapes as the paper’s network', () => {
  const { parameters } = networkShape(flyingShapes, 784);
  expect(parameters.reduce((sum, { shape }) => sum + elements(shape), 0)).toBe(3_403_389);
});

it('gives each layer the shape that one can work out by hand', () => {
  const shape = networkShape(flyingShapes, 784);
  if (shape.type !== 'rnn-em') throw new Error('another network');
  expect(shape.input.map(({ outputShape }) => outputShape)).toEqual([
    [28, 28, 1],
    [14, 14, 32],
    [7, 7, 64],
    [3136],
    [512],
  ]);
  expect(shape.recurrent.parameters[0]).toEqual({
    name: 'recurrent.weights',
    shape: [612, 100],
    initializer: 'glorotUniform',
  });
  expect(shape.output.slice(2).map(({ outputShape }) => outputShape)).toEqual([
    [7, 7, 64],
    [14, 14, 32],
    [28, 28, 1],
    [784],
  ]);
});

it('rounds up where a stride does not divide the image', () => {
  const input: LayerSpec[] = [
    { type: 'reshape', shape: [5, 7, 1] },
    { type: 'conv', size: 2, kernel: 3, stride: 2, activation: 'linear' },
    { type: 'flatten' },
  ];
  const output: LayerSpec[] = [{ type: 'dense', size: 35, activation: 'sigmoid' }];
  const shape = networkShape({ ...flyingShapes, input, output }, 35);
  expect(shape.type === 'rnn-em' && shape.input[1]?.outputShape).toEqual([3, 4, 2]);
});

it('has one matrix and one step size for N-EM', () => {
  expect(networkShape({ type: 'n-em', size: 250 }, 784).parameters).toEqual([
    { name: 'nem.weights', shape: [784, 250], initializer: 'glorotUniform' },
    { name: 'nem.step', shape: [1], initializer: 'ones' },
  ]);
});

const broken: [string, unknown, string][] = [
  ['an unknown network', { type: 'foo' }, "the network has the unknown type 'foo': use 'rnn-em' or 'n-em'."],
  [
    'an unknown layer',
    { ...flyingShapes, input: [{ type: 'attention' }] },
    "input.0 has the unknown type 'attention': use dense, conv, resizeConv, reshape, flatten or inputNorm.",
  ],
  [
    'a convolution of a vector',
    { ...flyingShapes, input: flyingShapes.input.slice(1) },
    'input.0 is a convolution but its input is [784]: put a reshape layer to [height, width, channels] before it.',
  ],
  [
    'a network of another image',
    { ...flyingShapes, output: flyingShapes.output.slice(0, 1) },
    'the network gives [512] for images of 784 pixels: make its last layer give 784.',
  ],
  ['N-EM of no size', { type: 'n-em', size: 0 }, 'size of the N-EM network is 0: give an integer of at least 1.'],
];

it.each(broken)('refuses %s in one sentence', (_, network, message) => {
  expect(() => networkShape(network as RnnEmSpec, 784)).toThrow(message);
});
