import { elementwise, type Kernel, WORKGROUP } from '../plan/kernel.js';

/** Columns of one workgroup of a column sum. */
export const COLUMNS = 64;

/** Sums of the columns of x [rows, columns], separately for each of `parts` groups of rows: out [parts, columns]. */
export function columnSums(rows: number, columns: number, parts: number): Kernel<'x' | 'out'> {
  const teams = WORKGROUP / COLUMNS;
  const chunk = Math.ceil(rows / parts);
  return {
    name: 'column sums',
    bindings: { x: 'read', out: 'read_write' },
    cost: { words: (rows + parts) * columns },
    code: `var<workgroup> teamSums: array<f32, ${WORKGROUP}>;
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let column = group.x * ${COLUMNS}u + lane % ${COLUMNS}u;
  let end = min(${rows}u, (group.y + 1u) * ${chunk}u);
  var sum = 0.0;
  if (column < ${columns}u) {
    for (var row = group.y * ${chunk}u + lane / ${COLUMNS}u; row < end; row += ${teams}u) { sum += x(row * ${columns}u + column); }
  }
  teamSums[lane] = sum;
  workgroupBarrier();
  if (lane < ${COLUMNS}u && column < ${columns}u) {
    for (var team = 1u; team < ${teams}u; team++) { sum += teamSums[lane + team * ${COLUMNS}u]; }
    set_out(group.y * ${columns}u + column, sum);
  }
}`,
  };
}

/** out[i] = Σ_p partial[p, i]. */
export function sumParts(count: number, parts: number): Kernel<'partial' | 'out'> {
  return elementwise({
    name: 'sum of parts',
    bindings: { partial: 'read', out: 'read_write' },
    count,
    words: (parts + 1) * count,
    body: `  var sum = 0.0;
  for (var p = 0u; p < ${parts}u; p++) { sum += partial(p * ${count}u + i); }
  set_out(i, sum);`,
  });
}

/** out[i] = x[i]. */
export function copy(count: number): Kernel<'x' | 'out'> {
  return elementwise({
    name: 'copy',
    bindings: { x: 'read', out: 'read_write' },
    count,
    body: '  set_out(i, x(i));',
  });
}
