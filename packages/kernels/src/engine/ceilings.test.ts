import { expect, it } from 'vitest';
import { loadWasm } from '../wasm.js';
import { measureCeilings } from './ceilings.js';

it('measures what a core does at most: its product is faster than JavaScript could be', () => {
  const { copy, product } = measureCeilings(loadWasm(), 'float32');
  expect(copy.bytesPerSecond).toBeGreaterThan(1e8);
  expect(product.operationsPerSecond).toBeGreaterThan(1e9);
  expect(() => measureCeilings(loadWasm(), 'bfloat16')).toThrow('bfloat16');
});
