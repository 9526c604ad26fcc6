import { networkShape } from '@nem/core';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { encode, type Instruction } from '../instructions/instruction.js';
import { eStep } from '../instructions/mixture.js';
import { normBackward, normForward, normOutput } from '../instructions/norm.js';
import type { Arena, Kernels } from '../kernels.js';
import { KernelsError } from '../kernels-error.js';
import { loadWasm } from '../wasm.js';
import { lowerTraining } from './lower/training.js';
import { small } from './networks.fixture.js';

const spec = small({
  network: {
    type: 'rnn-em',
    input: [
      { type: 'inputNorm' },
      { type: 'reshape', shape: [5, 6, 1] },
      { type: 'conv', size: 3, kernel: 3, activation: 'elu', layerNorm: true },
      { type: 'flatten' },
    ],
    recurrent: { size: 12, activation: 'sigmoid', layerNorm: true },
    output: [
      { type: 'reshape', shape: [2, 2, 3] },
      { type: 'resizeConv', size: 2, kernel: 2, scale: 2, activation: 'relu', layerNorm: true },
      { type: 'flatten' },
      { type: 'dense', size: 30, activation: 'sigmoid' },
    ],
  },
});

/** The training step's program on some kernels. */
const lower = (kernels: Kernels) =>
  lowerTraining({
    kernels,
    precision: 'float32',
    spec,
    shape: networkShape(spec.network, 30),
    batch: 2,
    batchSize: 2,
    still: false,
  });

/** Runs program 0, and expects that it leaves alone what its memory holds behind the arena. */
function runGuarded(arena: Arena): void {
  const { buffer, byteOffset, byteLength } = arena.floats;
  const behind = new Float32Array(buffer, byteOffset + byteLength).fill(7);
  arena.run(0);
  expect(behind.findIndex((value) => value !== 7)).toBe(-1);
}

/** Runs each instruction with each of its words replaced; gives how many are refused. What is taken must run without harm. */
function refusals(kernels: Kernels, replacements: (word: number) => readonly number[]): number {
  let refused = 0;
  const { instructions, floats } = lower(kernels);
  for (const words of instructions) {
    for (let i = 2; i < words.length; i++) {
      for (const value of replacements(words[i]!)) {
        try {
          runGuarded(kernels.createArena(floats, [Int32Array.from(words.with(i, value))]));
        } catch (error) {
          expect(error).toBeInstanceOf(KernelsError);
          refused++;
        }
      }
    }
  }
  return refused;
}

describe.each(allKernels)('%s', (_, kernels) => {
  it('runs within its arena and not within a smaller one', () => {
    const { instructions, floats } = lower(kernels);
    const program = Int32Array.from(instructions.flat());
    runGuarded(kernels.createArena(floats, [program]));
    expect(() => kernels.createArena(floats / 2, [program])).toThrow(KernelsError);
  });

  it('refuses a program with an address or a size beyond the arena', () => {
    const refused = refusals(kernels, () => [2 ** 31 - 1, -(2 ** 31)]);
    expect(refused).toBeGreaterThan(lower(kernels).instructions.length);
  });
});

it('runs or refuses a program with a word that is one more or less', () => {
  expect(refusals(loadWasm('simd'), (word) => [word - 1, word + 1])).toBeGreaterThan(10);
});

it('refuses rows of a norm that end within a pixel', () => {
  const sizes = { rows: 1, length: 1001, channels: 1000, activation: 0 };
  const view = { at: 0, length: 1001 };
  const views = { normalized: view, gain: view, offset: view, y: view, scale: view, dy: view, hidden: view, z: view };
  const sums = { gainSum: view, offsetSum: view, biasSum: view, hiddenGradient: view };
  for (const norm of [normForward, normOutput, normBackward] as unknown as Instruction[]) {
    const make = (channels: number) => encode(norm, { ...sizes, epsilon: 0, ...views, ...sums, channels } as never);
    expect(() => make(1000)).toThrow(
      new KernelsError('A norm has rows of 1001 floats: give a multiple of its 1000 channels.'),
    );
    const words = Int32Array.from(make(1001));
    words[words.indexOf(1001, 4)] = 1000;
    expect(() => loadWasm('simd').createArena(1001, [words])).toThrow(KernelsError);
  }
});

it('refuses an array that is too short when an instruction is made', () => {
  const view = { at: 0, length: 8 };
  const mixture = { gaussian: 0, sigma: 1, prior: 0, logPrior: 0, logRest: 0 };
  const none = { losses: undefined, upper: 0, noisy: undefined, input: undefined };
  const make = () =>
    encode(eStep, { batch: 1, components: 2, pixels: 5, ...mixture, x: view, psi: view, gamma: view, ...none });
  expect(make).toThrow('E-step takes 10 floats of psi, which has 8.');
});
