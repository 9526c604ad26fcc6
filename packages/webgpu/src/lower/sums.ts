import { type ProductSpec, product } from '../kernels/product.js';
import { COLUMNS, columnSums, copy, sumParts } from '../kernels/reduce.js';
import type { PlanBuilder, View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';

/** Column sums of [rows, columns] into `out`, in two stages where rows are many. */
export function sumColumns(builder: PlanBuilder, x: View, rows: number, columns: number, out: View): void {
  const across = Math.ceil(columns / COLUMNS);
  const parts = Math.max(1, Math.min(Math.ceil(256 / across), Math.ceil(rows / 64)));
  if (parts === 1) {
    builder.dispatch(columnSums(rows, columns, 1), [x, out], [across, 1, 1]);
    return;
  }
  const partial = builder.scratch(parts * columns);
  builder.dispatch(columnSums(rows, columns, parts), [x, partial], [across, parts, 1]);
  builder.dispatch(sumParts(columns, parts), [partial, out], cover(columns));
  builder.release(partial);
}

/** A weights' gradient as one product over all steps, cut along k where that fills the device; `out` is [m, n]. */
export function weightGradient(
  builder: PlanBuilder,
  { code, buffers, ...spec }: Omit<ProductSpec, 'splittable'>,
  views: readonly View[],
  out: View,
): void {
  const { kernel, groups, parts } = product({
    ...spec,
    splittable: true,
    buffers: { ...buffers, out: 'read_write' },
    code: `${code}
fn store(row: u32, column: u32, value: f32, phase: u32, part: u32) { set_out((part * ${spec.m}u + row) * ${spec.n}u + column, value); }`,
  });
  if (parts === 1) {
    builder.dispatch(kernel, [...views, out], groups);
    return;
  }
  const partial = builder.scratch(parts * spec.m * spec.n);
  builder.dispatch(kernel, [...views, partial], groups);
  builder.dispatch(sumParts(spec.m * spec.n, parts), [partial, out], cover(spec.m * spec.n));
  builder.release(partial);
}

/** out = x. */
export function copyTo(builder: PlanBuilder, x: View, count: number, out: View): void {
  builder.dispatch(copy(count), [x, out], cover(count));
}
