/** How a kernel uses a buffer; elements are float32, or uint32 where the access says so. */
export type Access = 'read' | 'read_write' | 'read u32';

/** A kernel as text: its buffers in binding order and its code. */
export interface Kernel {
  /** What it does; the profile sums times by it. */
  readonly name: string;
  readonly buffers: Readonly<Record<string, Access>>;
  readonly code: string;
}

/** Most buffers of a kernel: WebGPU's lowest limit. */
export const MAX_BUFFERS = 8;
/** Where a dispatch's own numbers stand after the buffers' offsets, in 32-bit words. */
export const EXTRA_AT = 12;
/** Bytes of a dispatch's numbers. */
export const ARGUMENT_BYTES = 64;
/** Invocations of a workgroup of every kernel: WebGPU's lowest limit. */
export const WORKGROUP = 256;

function binding(name: string, access: Access, i: number): string {
  const offset = `numbers.v[${Math.floor(i / 4)}][${i % 4}]`;
  const type = access === 'read u32' ? 'u32' : 'f32';
  const mode = access === 'read_write' ? 'read_write' : 'read';
  const lines = [
    `@group(0) @binding(${i + 1}) var<storage, ${mode}> buffer_${name}: array<${type}>;`,
    `fn ${name}(i: u32) -> ${type} { return buffer_${name}[${offset} + i]; }`,
  ];
  if (mode === 'read_write') {
    lines.push(`fn set_${name}(i: u32, value: f32) { buffer_${name}[${offset} + i] = value; }`);
  }
  return lines.join('\n');
}

/**
 * A kernel whose code reads element i of buffer b as `b(i)` and writes it as `set_b(i, value)`, from the dispatch's offset
 * on. `extra(j)` is the dispatch's own number j (0 to 3).
 * @param code functions, and `fn run(group: vec3u, lane: u32, groups: vec3u)`, called by each invocation
 */
export function kernel(
  name: string,
  buffers: Readonly<Record<string, Access>>,
  code: string,
  workgroup: number = WORKGROUP,
): Kernel {
  const declarations = Object.entries(buffers).map(([buffer, access], i) => binding(buffer, access, i));
  return {
    name,
    buffers,
    code: `struct Numbers { v: array<vec4u, 4> }
@group(0) @binding(0) var<uniform> numbers: Numbers;
fn extra(j: u32) -> u32 { return numbers.v[${EXTRA_AT / 4}][j]; }
${declarations.join('\n')}
${code}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  run(group, lane, groups);
}
`,
  };
}

/** A kernel of one invocation for each i < `count`: `body` may return early. */
export function elementwise(
  name: string,
  buffers: Readonly<Record<string, Access>>,
  count: number,
  body: string,
  helpers = '',
): Kernel {
  return kernel(
    name,
    buffers,
    `${helpers}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let i = (group.y * groups.x + group.x) * ${WORKGROUP}u + lane;
  if (i >= ${count}u) { return; }
${body}
}`,
  );
}

/** Workgroups that cover `count` elements, in two dimensions: one alone is limited to 65535. */
export function cover(count: number): [number, number, number] {
  const groups = Math.ceil(count / WORKGROUP);
  const x = Math.min(groups, 32768);
  return [x, Math.ceil(groups / x), 1];
}

/** A float as WGSL text. */
export function float(value: number): string {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** WGSL: sum of `value` over the workgroup, given to every invocation. */
export const WORKGROUP_SUM = `
var<workgroup> sums: array<f32, ${WORKGROUP}>;
fn workgroup_sum(lane: u32, value: f32) -> f32 {
  sums[lane] = value;
  for (var width = ${WORKGROUP / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) { sums[lane] += sums[lane + width]; }
  }
  workgroupBarrier();
  let total = sums[0];
  workgroupBarrier();
  return total;
}`;
