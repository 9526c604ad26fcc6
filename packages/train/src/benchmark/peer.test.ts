import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { torchSetting } from './peer.js';

it.each([
  ['wasm', 1, { device: 'cpu', threads: 1 }],
  ['wasm', 3, { device: 'cpu', threads: 3 }],
  ['cpu', undefined, { device: 'cpu', threads: 1 }],
  ['tensorflow', undefined, { device: 'cpu', threads: availableParallelism() }],
  ['webgpu', undefined, { device: 'gpu', threads: availableParallelism() }],
] as const)('PyTorch computes on what %s with %s workers does', (engine, workers, expected) => {
  expect(torchSetting({ engine, workers, steps: 2 })).toEqual({ ...expected, steps: 2 });
});
