import type { EngineSpec, NetworkShape, ParameterSpec } from '@nem/core';
import { elements } from '@nem/core';
import type { PlanBuilder, Storage, View } from '../plan/builder.js';
import { VECTOR } from '../plan/kernel.js';

/** Buffers that live as long as the engine; every parameter is a part of each of the first four. */
export interface EngineStorages {
  readonly parameters: Storage;
  readonly gradients: Storage;
  readonly m: Storage;
  readonly v: Storage;
  /** The run's numbers, as {@link RUN_NUMBERS}. */
  readonly numbers: Storage;
  /** The pixel value of each byte. */
  readonly levels: Storage;
}

/**
 * First element of each parameter in the flat buffers, in the network's order. Each starts at a whole vector, except that the offset of a layer
 * norm follows its gain directly.
 */
export function parameterOffsets(parameters: readonly ParameterSpec[]): {
  at: ReadonlyMap<string, number>;
  total: number;
} {
  const at = new Map<string, number>();
  let total = 0;
  for (const { name, shape } of parameters) {
    if (!name.endsWith('.offset')) total = Math.ceil(total / VECTOR) * VECTOR;
    at.set(name, total);
    total += elements(shape);
  }
  return { at, total };
}

/** What lowering a network to launches depends on. */
export interface Context {
  readonly builder: PlanBuilder;
  readonly spec: EngineSpec;
  readonly shape: NetworkShape;
  readonly storages: EngineStorages;
  readonly batch: number;
  /** batch · components. */
  readonly rows: number;
  readonly pixels: number;
  readonly steps: number;
  /** Whether activations of all steps are kept, for the backward half. */
  readonly training: boolean;
  /** Whether forward products are in half precision. */
  readonly float16: boolean;
  parameterAt(name: string): number;
}

/** The whole of the flat parameters: kernels add a parameter's own place. */
export function parameters(context: Context): View {
  return { storage: context.storages.parameters, offset: 0 };
}

/** A parameter's gradient. */
export function gradient(context: Context, name: string): View {
  return { storage: context.storages.gradients, offset: context.parameterAt(name) };
}
