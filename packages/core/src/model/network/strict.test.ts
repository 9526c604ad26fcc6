import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NetworkSpec, networkFault, networkShape } from './network.js';
import { NetworkError } from './network-error.js';

const PIXELS = 36;

/** Every type of layer. */
const rnnEm: NetworkSpec = {
  type: 'rnn-em',
  input: [
    { type: 'inputNorm' },
    { type: 'reshape', shape: [6, 6, 1] },
    { type: 'conv', size: 3, kernel: 4, stride: 2, activation: 'elu', layerNorm: true },
    { type: 'flatten' },
  ],
  recurrent: { size: 5, activation: 'sigmoid', layerNorm: true },
  output: [
    { type: 'dense', size: 9, activation: 'relu', layerNorm: true },
    { type: 'reshape', shape: [3, 3, 1] },
    { type: 'resizeConv', size: 1, kernel: 4, scale: 2, activation: 'linear', layerNorm: false },
  ],
};
const networks: readonly NetworkSpec[] = [rnnEm, { type: 'n-em', size: 4 }];

type Path = readonly string[];
type Tree = Record<string, unknown>;

function paths(value: unknown, from: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[...from, key], ...paths(part, [...from, key])]);
}

const partAt = (value: unknown, path: Path) => path.reduce((inner, key) => (inner as Tree)[key], value);

function changed(network: NetworkSpec, path: Path, change: (owner: Tree, field: string) => void): NetworkSpec {
  const copy = structuredClone(network);
  change(partAt(copy, path.slice(0, -1)) as Tree, path.at(-1) as string);
  return copy;
}

const place = fc
  .constantFrom(...networks)
  .chain((network) => fc.record({ network: fc.constant(network), path: fc.constantFrom(...paths(network)) }));

/** What no field of a network can be. */
const wrong = fc.constantFrom<unknown>(
  ...[
    null,
    'False',
    'maybe',
    '',
    0,
    -1,
    1.5,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    {},
    [[]],
    [0],
    ['x'],
    5n,
    () => 5,
    { type: 'dense' },
  ],
);

function refusal(network: unknown): string {
  try {
    networkShape(network as NetworkSpec, PIXELS);
  } catch (error) {
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as Error).message).toMatch(/^[^\n:]+: [^\n]+\.$/);
    return (error as Error).message;
  }
  throw new Error('the network was taken');
}

describe('a field of a network', () => {
  it('is accepted when valid', () => {
    for (const network of networks) expect(networkShape(network, PIXELS).type).toBe(network.type);
    expect(networkFault(rnnEm)).toBeUndefined();
  });

  it('is refused, with its name, when wrong', () => {
    fc.assert(
      fc.property(place, wrong, ({ network, path }, value) => {
        const message = refusal(changed(network, path, (owner, field) => (owner[field] = value)));
        // Of a list, an entry may be named.
        expect(message).toContain(/^\d+$/.test(path.at(-1) as string) ? path.at(-2) : path.at(-1));
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused, with its name, when unknown', () => {
    fc.assert(
      fc.property(place, ({ network, path }) => {
        fc.pre(!Array.isArray(partAt(network, path.slice(0, -1))));
        const misspelt = `${(path.at(-1) as string).toLowerCase()}_`;
        expect(refusal(changed(network, path, (owner) => (owner[misspelt] = true)))).toContain(
          `has the unknown field '${misspelt}': remove it; the known fields are `,
        );
      }),
    );
  });

  it('is called missing when it must be given', () => {
    const optional = ['layerNorm', 'stride', 'scale'];
    fc.assert(
      fc.property(place, ({ network, path }) => {
        fc.pre(!Array.isArray(partAt(network, path.slice(0, -1))) && !optional.includes(path.at(-1) as string));
        const message = refusal(changed(network, path, (owner, field) => Reflect.deleteProperty(owner, field)));
        expect(message).toContain(`the ${path.at(-1)} of `);
        expect(message).toContain(' is missing: ');
      }),
    );
  });

  it.each<[unknown, string]>([
    [undefined, "the network is missing: give an object whose type is 'rnn-em' or 'n-em'."],
    [5, "the network is 5: give an object whose type is 'rnn-em' or 'n-em'."],
    [{ type: 'foo' }, "the network has the unknown type 'foo': use 'rnn-em' or 'n-em'."],
    [{ type: 'rnn-em' }, 'the input of the network is missing: give a list of layers.'],
    [{ ...rnnEm, input: 5 }, 'the input of the network is 5: give a list of layers.'],
    [
      { ...rnnEm, recurrent: null },
      'the recurrent of the network is null: give an object with the fields size, activation, layerNorm.',
    ],
    [
      { ...rnnEm, recurrent: { size: 5 } },
      'the activation of recurrent is missing: use one of linear, sigmoid, tanh, relu, elu.',
    ],
    [
      { ...rnnEm, output: ['dense'] },
      "output.0 is 'dense': give an object whose type is dense, conv, resizeConv, reshape, flatten or inputNorm.",
    ],
    [
      { ...rnnEm, output: [{ type: 'attention' }] },
      "output.0 has the unknown type 'attention': use dense, conv, resizeConv, reshape, flatten or inputNorm.",
    ],
    [
      { type: 'n-em', size: 4, width: 1, heigth: 2 },
      "the N-EM network has the unknown fields 'width', 'heigth': remove them; the known fields are type, size.",
    ],
    [{ type: 'n-em', size: 0 }, 'the size of the N-EM network is 0: give an integer of at least 1.'],
  ])('%j: %s', (network, sentence) => {
    expect(refusal(network)).toBe(sentence);
  });
});
