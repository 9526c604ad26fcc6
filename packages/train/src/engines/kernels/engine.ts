import { availableParallelism } from 'node:os';
import type { EngineSpec } from '@nem/core';
import type { Kernels } from '@nem/kernels';
import { createKernelEngine, measureCeilings } from '@nem/kernels/engine';
import type { Key } from '@nem/random';
import { createPoolEngine } from '../pool/pool-engine.js';
import type { Precision } from '../precision.js';
import type { DeviceCeilings, Profiler } from '../profiler.js';
import { type KernelPrecision, type KernelTarget, loadKernels, requireKernelPrecision } from './load.js';

/**
 * An engine of `workers` threads on the kernels of a target.
 * @throws RunError where they do not load; UsageError for a precision that this processor does not compute in
 */
export async function createKernelPool(
  target: KernelTarget,
  spec: EngineSpec,
  key: Key,
  { workers = availableParallelism(), precision }: { workers?: number | undefined; precision?: Precision | undefined },
) {
  const kernels = await loadKernels(target);
  const { variant } = kernels;
  return createPoolEngine(spec, key, {
    workers,
    target,
    variant,
    precision: requireKernelPrecision(kernels, precision),
  });
}

const MIB = 2 ** 20;

function ceilings(kernels: Kernels, precision: KernelPrecision): DeviceCeilings {
  const { copy, product } = measureCeilings(kernels, precision);
  const sizes = [product.rows, product.columns, product.depth].join(' × ');
  return {
    device: `One core, ${kernels.target} kernels ${kernels.variant},`,
    copy,
    product,
    copyText: `read and written, between two arrays of ${copy.size / MIB} MiB`,
    productText: `${precision}, ${sizes}, its right side packed before`,
  };
}

/** A profile is of one thread, which has the whole batch. */
export async function kernelProfiler(target: KernelTarget): Promise<Profiler> {
  const kernels = await loadKernels(target);
  return {
    ceilings: async (precision) => ceilings(kernels, requireKernelPrecision(kernels, precision)),
    async create(spec, key, precision) {
      return createKernelEngine(kernels, spec, key, { precision: requireKernelPrecision(kernels, precision) });
    },
  };
}
