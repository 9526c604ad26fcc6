import { expect, it } from 'vitest';
import { findExperiment } from '../experiments/index.js';
import { withKernels } from './open-run.js';

const config = { experiment: findExperiment('static-shapes'), engine: 'native', workers: 2, seed: 0 };

it.each([
  ['avx512', 'avx2', 'the kernels are avx2, and so far were avx512: '],
  [undefined, 'avx2', 'the kernels are avx2, and so far were those of an older version: '],
])('a run with the kernels %s that goes on with %s says so, and records them', (before, now, sentence) => {
  const said: string[] = [];
  const found = withKernels({ ...config, kernels: before }, now, (line) => said.push(line));
  expect(found.kernels).toBe(now);
  expect(said).toEqual([`${sentence}the bits are others than without the change.`]);
});

it.each([
  ['avx2', 'avx2'],
  ['avx2', undefined],
  [undefined, undefined],
])('a run with the kernels %s on an engine with %s is as it was', (before, now) => {
  const known = { ...config, kernels: before };
  const tell = () => expect.unreachable();
  expect(withKernels(known, now, tell)).toBe(known);
});
