import { type EngineSpec, elements, networkShape } from '@nem/core';
import { expect, it } from 'vitest';
import { small } from '../engine.fixture.js';
import { PlanError } from '../errors.js';
import type { PlanSpec } from './sequence.js';
import { planWithin } from './within.js';

const storages = Object.fromEntries(
  ['parameters', 'gradients', 'm', 'v', 'numbers', 'levels'].map((label) => [label, { label, elements: 1 }]),
) as unknown as PlanSpec['storages'];

/** What a plan is refused with on a device that allows so many bytes in a buffer and workgroups in one dimension. */
function refusal(spec: EngineSpec, batch: number, bytes: number, groups = 65535): string {
  const shape = networkShape(spec.network, elements(spec.image));
  const limits = {
    maxBufferSize: bytes,
    maxStorageBufferBindingSize: bytes,
    maxComputeWorkgroupsPerDimension: groups,
  } as GPUSupportedLimits;
  try {
    planWithin({ spec, shape, storages, batch, still: false, training: true, float16: false }, limits);
  } catch (error) {
    expect(error).toBeInstanceOf(PlanError);
    return (error as PlanError).message;
  }
  return '';
}

const steps = (count: number) => ({ ...small().objective, stepWeights: new Array<number>(count).fill(1) });

it('advises a number of which the buffer or the launch gets smaller, and so much that the plan fits', () => {
  const large = { type: 'resizeConv' as const, size: 30, kernel: 3, scale: 5, activation: 'tanh' as const };
  const output = [
    { type: 'dense' as const, size: 30, activation: 'tanh' as const },
    { type: 'reshape' as const, shape: [1, 1, 30] as const },
    large,
    { type: 'flatten' as const },
    { type: 'dense' as const, size: 30, activation: 'sigmoid' as const },
  ];
  const folding = small({
    network: { type: 'rnn-em', input: [], recurrent: { size: 7, activation: 'sigmoid' }, output },
  });
  expect(refusal(folding, 2, 100_000)).toMatch(/ folded kernel' takes .*: make the layers smaller\.$/);

  const many = small({ objective: steps(300) });
  expect(refusal(many, 2, 1e6, 200)).toMatch(/workgroups in one dimension .*: lower the steps from 300 to 200\.$/);

  const message = refusal(small(), 100, 50_000);
  const fitting = Number(/: lower the batch from 100 to (\d+)\.$/.exec(message)?.[1]);
  expect(fitting).toBeGreaterThan(1);
  expect(refusal(small(), fitting, 50_000)).toBe('');
  // γ has a slot more than there are steps: the number of steps that fits is not in proportion.
  const long = refusal(small({ objective: steps(50), components: 1 }), 1, 3000);
  const fittingSteps = Number(/: lower the steps from 50 to (\d+)\.$/.exec(long)?.[1]);
  expect(refusal(small({ objective: steps(fittingSteps), components: 1 }), 1, 3000)).toBe('');
});
