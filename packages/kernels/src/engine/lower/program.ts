import { type EngineSpec, elements, type NetworkShape, type ParameterSpec } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import type { Kernels, Precision } from '../../kernels.js';
import { ProgramBuilder } from '../plan/program-builder.js';
import type { Context } from './context.js';

/** What a program is made for. */
export interface ProgramSpec {
  readonly kernels: Kernels;
  readonly precision: Precision;
  readonly spec: EngineSpec;
  readonly shape: NetworkShape;
  readonly batch: number;
}

/** The parameters, or something of each of them, one after the other in the network's order. */
export interface ParameterViews {
  readonly whole: View;
  readonly of: ReadonlyMap<string, View>;
}

/** Lays out an array for each parameter; every one starts at a cache line. */
function allocateParameters(builder: ProgramBuilder, specs: readonly ParameterSpec[]): ParameterViews {
  const of = new Map(specs.map(({ name, shape }) => [name, builder.layout.allocate(elements(shape))]));
  const [first, last] = [[...of.values()][0], [...of.values()].at(-1)];
  const at = first?.at ?? 0;
  return { whole: { at, length: (last ? last.at + last.length : at) - at }, of };
}

function viewOf({ of }: ParameterViews, name: string): View {
  const view = of.get(name);
  if (!view) throw new RangeError(`the network has no parameter ${name}`);
  return view;
}

/** A new program, with its parameters laid out. @param steps that it has; training only if gradients are wanted */
export function beginProgram(
  { kernels, precision, spec, shape, batch }: ProgramSpec,
  steps: number,
  training: boolean,
) {
  const builder = new ProgramBuilder(kernels, precision);
  const parameters = allocateParameters(builder, shape.parameters);
  const gradients = training ? allocateParameters(builder, shape.parameters) : undefined;
  const context: Context = {
    builder,
    spec,
    shape,
    batch,
    rows: batch * spec.components,
    pixels: elements(spec.image),
    steps,
    training,
    parameter: (name) => viewOf(parameters, name),
    gradient(name) {
      if (!gradients) throw new RangeError('there are no gradients in inference');
      return viewOf(gradients, name);
    },
  };
  return { context, parameters, gradients };
}
