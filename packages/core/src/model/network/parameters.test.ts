import { deriveKey } from '@nem/random';
import { expect, it } from 'vitest';
import { NetworkError } from './network-error.js';
import type { ParameterSpec } from './parameter-spec.js';
import { initializeParameters, requireParameters } from './parameters.js';

const specs: ParameterSpec[] = [
  { name: 'a.weights', shape: [3, 5], initializer: 'glorotUniform' },
  { name: 'c.weights', shape: [3, 3, 8, 16], initializer: 'glorotUniform' },
  { name: 'a.bias', shape: [5], initializer: 'zeros' },
  { name: 'a.gain', shape: [5], initializer: 'ones' },
];

it('starts weights within Glorot’s bound, biases at 0 and gains at 1', () => {
  const start = initializeParameters(specs, deriveKey(7, 'parameters'));
  const largest = (name: string) => Math.max(...(start[name]?.values ?? []).map(Math.abs));
  // √(6 / (3 + 5)), and √(6 / (9 · (8 + 16))) for a kernel of 9 taps.
  const bounds = { 'a.weights': Math.sqrt(6 / 8), 'c.weights': Math.sqrt(6 / 216) };
  for (const [name, bound] of Object.entries(bounds)) {
    expect(largest(name)).toBeLessThanOrEqual(bound);
    expect(largest(name)).toBeGreaterThan((name === 'c.weights' ? 0.99 : 0.7) * bound);
  }
  expect([...(start['a.bias']?.values ?? [])]).toEqual([0, 0, 0, 0, 0]);
  expect([...(start['a.gain']?.values ?? [])]).toEqual([1, 1, 1, 1, 1]);
});

it('names the first parameter that does not fit', () => {
  const right = initializeParameters(specs, deriveKey(7, 'parameters'));
  const { 'a.bias': bias, ...lacking } = right;
  expect(() => requireParameters(specs, right)).not.toThrow();
  expect(() => requireParameters(specs, lacking)).toThrow('the parameter a.bias is missing');
  expect(() => requireParameters(specs, { ...right, b: { shape: [1], values: new Float32Array(1) } })).toThrow(
    'the network has no parameter b',
  );
  expect(() => requireParameters(specs, { ...right, 'a.gain': { shape: [4], values: new Float32Array(4) } })).toThrow(
    'the parameter a.gain is [4] where the network has [5]',
  );
  expect(() =>
    requireParameters(specs, { ...right, 'a.weights': { shape: [3, 5], values: new Float32Array(0) } }),
  ).toThrow(new NetworkError('the parameter a.weights has 0 values for its shape [3, 5]: give 15.'));
});
