import type { Engine, NamedArrays } from '@nem/core';
import { drawSamples } from '@nem/datasets';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engines/create-engine.js';
import { randomness, toBatch } from '../engines/inputs.js';
import { tinySpec } from '../engines/tiny-spec.fixture.js';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { indexOfNotFinite, notFiniteUpdate, notFiniteWeights } from './not-finite.js';

const spec = tinySpec({ image: [6, 8] });
const engine: Engine = await createEngine('cpu', spec, 1);
const sound = await engine.parameters();
afterAll(() => engine.dispose());
const batch = toBatch(drawSamples(movingDots(1, 4), 'training', [0, 1, 2, 3]));

/** The weights with one value in place of another. */
function spoilt(name: string, index: number, value: number): NamedArrays {
  const array = sound[name];
  if (!array) throw new Error(`the network has no parameter ${name}`);
  return { ...sound, [name]: { ...array, values: array.values.with(index, value) } };
}

describe('the first tensor of an update that is not finite', () => {
  it('is none for sound weights', async () => {
    engine.setParameters(sound);
    expect(await notFiniteUpdate(engine, batch, randomness(0, 'training', 0))).toBeUndefined();
  });

  it.each([
    ['recurrent.weights', 'the hidden state of step 1 (NaN at index 0)'],
    ['recurrent.bias', 'the hidden state of step 1 (NaN at index 0)'],
    ['output.0.weights', 'ψ of step 1 (NaN at index 0)'],
    ['output.0.bias', 'ψ of step 1 (NaN at index 0)'],
  ])('is what %s feeds, not what follows from it', async (name, tensor) => {
    engine.setParameters(spoilt(name, 0, Number.NaN));
    expect(await notFiniteUpdate(engine, batch, randomness(0, 'training', 0))).toBe(tensor);
  });

  it('is the input where that is not finite', async () => {
    const frames = batch.frames.with(7, Number.POSITIVE_INFINITY);
    const found = await notFiniteUpdate(engine, { ...batch, frames }, randomness(0, 'training', 0));
    expect(found).toBe('the input (Infinity at index 7)');
  });
});

describe('notFiniteWeights', () => {
  const optimizer = { updates: 0, m: sound, v: sound };

  it('names parameters before moments', () => {
    expect(notFiniteWeights({ parameters: sound, optimizer })).toBeUndefined();
    const bias = spoilt('recurrent.bias', 2, Number.NaN);
    expect(notFiniteWeights({ parameters: bias, optimizer: { ...optimizer, m: bias } })).toBe(
      'the parameter recurrent.bias (NaN at index 2)',
    );
    expect(notFiniteWeights({ parameters: sound, optimizer: { ...optimizer, v: bias } })).toBe(
      "Adam's second moment of recurrent.bias (NaN at index 2)",
    );
  });

  it('looks at every value', () => {
    expect(indexOfNotFinite(Float32Array.of(0, 1, -Infinity))).toBe(2);
    expect(indexOfNotFinite(Float32Array.of(0, 1, 3e38))).toBe(-1);
  });
});
