import { expect, it } from 'vitest';
import { NetworkError } from './network-error.js';
import { required } from './required.js';

it('is the entry of that name', () => {
  const values = Float32Array.of(1);
  expect(required({ 'input.0.bias': values }, 'input.0.bias')).toBe(values);
});

it.each(['input.0.gain', 'constructor', '__proto__'])('refuses %s, which is not there', (name) => {
  const find = () => required({ 'input.0.bias': Float32Array.of(1) }, name);
  expect(find).toThrow(NetworkError);
  expect(find).toThrow(`the parameter ${name} is missing`);
});
