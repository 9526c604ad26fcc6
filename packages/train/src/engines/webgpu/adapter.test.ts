import { expect, it } from 'vitest';
import { adapterName } from './adapter.js';

it.each([
  [{ device: 'swiftshader-device-subzero-', description: 'SwiftShader driver' }, 'swiftshader-device-subzero'],
  [{ device: '', description: 'a driver', vendor: 'a vendor' }, 'a driver'],
  [{ device: '-', vendor: 'a vendor' }, 'a vendor'],
  [{}, 'GPU'],
])('the name of %j is %s', (names, name) => {
  expect(adapterName(names)).toBe(name);
});
