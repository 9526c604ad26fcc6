import { float, type Kernel, WORKGROUP } from '../plan/kernel.js';

/** Parts of {@link squareSums}: as many as a workgroup has invocations, so that {@link clip} sums them up at once. */
export const SQUARE_PARTS = WORKGROUP;

/** Sums of the squares of x [count], each workgroup those of a part of its own: out [{@link SQUARE_PARTS}]. */
export function squareSums(count: number): Kernel<'x' | 'out'> {
  const chunk = Math.ceil(count / SQUARE_PARTS);
  return {
    name: 'sums of squares',
    bindings: { x: 'read', out: 'read_write' },
    cost: { words: count + SQUARE_PARTS },
    sums: true,
    code: `fn run(group: vec3u, lane: u32, groups: vec3u) {
  let end = min(${count}u, (group.x + 1u) * ${chunk}u);
  var sum = 0.0;
  for (var i = group.x * ${chunk}u + lane; i < end; i += ${WORKGROUP}u) { sum += x(i) * x(i); }
  let total = workgroup_sum(lane, sum);
  if (lane == 0u) { set_out(group.x, total); }
}`,
  };
}

/** Multiplies the gradient [count] with core's `clipFactor` of `squares` [{@link SQUARE_PARTS}], in place. */
export function clip(count: number, clipNorm: number): Kernel<'squares' | 'gradient'> {
  return {
    name: 'clip',
    bindings: { squares: 'read', gradient: 'read_write' },
    cost: { words: 2 * count + SQUARE_PARTS },
    sums: true,
    // A norm that is not finite leaves the gradient as it is, so that it shows in the loss.
    code: `fn run(group: vec3u, lane: u32, groups: vec3u) {
  let norm = sqrt(workgroup_sum(lane, squares(lane)));
  let i = (group.y * groups.x + group.x) * ${WORKGROUP}u + lane;
  if (i >= ${count}u || !(norm > ${float(clipNorm)} && norm < 1e19)) { return; }
  set_gradient(i, gradient(i) * (${float(clipNorm)} / norm));
}`,
  };
}
