import { inVectors, type Result } from '../kernels/operand.js';
import { type Product, type ProductSpec, product } from '../kernels/product.js';
import { COLUMNS, columnSums, copy, sumParts } from '../kernels/reduce.js';
import type { PlanBuilder, View, Views } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import type { Context } from './context.js';

/** Column sums of [rows, columns] into `out`, in two stages where rows are many. */
export function sumColumns(builder: PlanBuilder, x: View, rows: number, columns: number, out: View): void {
  const across = Math.ceil(columns / COLUMNS);
  const parts = Math.max(1, Math.min(Math.ceil(256 / across), Math.ceil(rows / 64)));
  if (parts === 1) {
    builder.dispatch(columnSums(rows, columns, 1), { x, out }, { groups: [across, 1, 1] });
    return;
  }
  const partial = builder.scratch(parts * columns);
  builder.dispatch(columnSums(rows, columns, parts), { x, out: partial }, { groups: [across, parts, 1] });
  builder.dispatch(sumParts(columns, parts), { partial, out }, { groups: cover(columns) });
  builder.release(partial);
}

/** A weights' gradient as launches. */
export interface WeightGradient {
  /** A step's share, where it is summed up step by step from the last step to the first. */
  step(step: number): void;
  /** After all steps. */
  finish(): void;
}

/** A product that gives a weights' gradient, [m, n]. */
export type GradientSpec<Binding extends string> = Omit<ProductSpec<Binding>, 'mostParts' | 'result'>;

/** A result that is added to what is there, or replaces it where `starts` is 1. */
export const accumulate = (vector: boolean, at: string): Result<'out', 'starts'> => ({
  bindings: ['out'],
  arguments: ['starts'],
  vector,
  body: ({ suffix }) => `let at = ${at};
  if (starts() == 1u) { set_out${suffix}(at, value); } else { set_out${suffix}(at, out${suffix}(at) + value); }`,
});

function splitProduct<Binding extends string>({
  bindings,
  ...spec
}: GradientSpec<Binding>): Product<Binding | 'out', 'starts'> {
  const vector = inVectors(spec.n);
  return product<Binding | 'out', 'starts'>({
    ...spec,
    mostParts: Number.POSITIVE_INFINITY,
    bindings: { ...bindings, out: 'read_write' },
    result: accumulate(vector, `(part * ${spec.m}u + row) * ${spec.n}u + column`),
  });
}

/** One product over all steps, cut along k where that fills the device. */
export function weightGradient<Binding extends string>(
  { builder }: Context,
  spec: GradientSpec<Binding>,
  operands: Views<NoInfer<Binding>>,
  out: View,
): WeightGradient {
  return {
    step() {},
    finish() {
      const { kernel, groups, parts } = splitProduct(spec);
      const count = spec.m * spec.n;
      const partial = parts === 1 ? out : builder.scratch(parts * count);
      builder.dispatch(kernel, { ...operands, out: partial }, { groups, arguments: { starts: 1 } });
      if (parts === 1) return;
      builder.dispatch(sumParts(count, parts), { partial, out }, { groups: cover(count) });
      builder.release(partial);
    },
  };
}

/** A product for each step, summed up in place; `spec` is one step's. */
export function stepwiseGradient<Binding extends string>(
  { builder, steps }: Context,
  spec: GradientSpec<Binding>,
  operandsOf: (step: number) => Views<NoInfer<Binding>>,
  out: View,
): WeightGradient {
  const { kernel, groups, parts } = splitProduct(spec);
  const count = spec.m * spec.n;
  const sum: View = parts === 1 ? out : { storage: builder.storage(`${spec.name} parts`, parts * count), offset: 0 };
  return {
    step(step) {
      const starts = Number(step === steps - 1);
      builder.dispatch(kernel, { ...operandsOf(step), out: sum }, { groups, arguments: { starts } });
    },
    finish() {
      if (parts > 1) builder.dispatch(sumParts(count, parts), { partial: sum, out }, { groups: cover(count) });
    },
  };
}

/** out = x. */
export function copyTo(builder: PlanBuilder, x: View, count: number, out: View): void {
  builder.dispatch(copy(count), { x, out }, { groups: cover(count) });
}
