import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { findExperiment } from '../experiments/index.js';
import { commandPeer, torchSetting } from './peer.js';

const job = { experiment: findExperiment('static-shapes'), engine: 'wasm', workers: 1, steps: 1 } as const;
const prints = (text: string) => commandPeer(`"${process.execPath}" -e "console.log('${text}')"`)(job);

it.each([
  ['0.25', 250],
  ['9.5e-05', 0.095],
  ['.5 (of 20)', 500],
  ['1E1', 10_000],
])('a command may print %s seconds', async (text, peerMs) => {
  expect((await prints(`step 1, median_step_s=${text}`)).peerMs).toBeCloseTo(peerMs, 9);
});

it.each(['.', '0', 'nan', '1e999'])('a command may not print %s seconds', async (text) => {
  await expect(prints(`median_step_s=${text}`)).rejects.toThrow(RunError);
  await expect(prints(`median_step_s=${text}`)).rejects.toThrow(
    `ended with exit code 0 and no median_step_s=<seconds> above 0 (median_step_s=${text}): give a command that prints it.`,
  );
});

it.skipIf(process.platform === 'win32')('says which signal has ended a command', async () => {
  await expect(commandPeer('kill -TERM $$')(job)).rejects.toThrow('ended with SIGTERM and no median_step_s=<seconds>');
});

it.each([
  ['wasm', 1, { device: 'cpu', threads: 1 }],
  ['wasm', 3, { device: 'cpu', threads: 3 }],
  ['cpu', undefined, { device: 'cpu', threads: 1 }],
  ['tensorflow', undefined, { device: 'cpu', threads: availableParallelism() }],
  ['webgpu', undefined, { device: 'gpu', threads: availableParallelism() }],
] as const)('PyTorch computes on what %s with %s workers does', (engine, workers, expected) => {
  expect(torchSetting({ engine, workers, steps: 2 })).toEqual({ ...expected, steps: 2 });
});
