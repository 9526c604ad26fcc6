import { InputError } from '@nem/core';

/**
 * How a kernel uses a buffer; elements are float32, or uint32 where the access says so. `vec4` is for buffers that are read and
 * written four elements at a time, from multiples of four on; they can be read one by one too.
 */
export type Access = 'read' | 'read_write' | 'read vec4' | 'read_write vec4' | 'read u32';

export const writes = (access: Access) => access.startsWith('read_write');
export const isVectors = (access: Access) => access.endsWith('vec4');

/** Elements of a vector: offsets of buffers read as `read vec4` are multiples of it. */
export const VECTOR = 4;

/** How a kernel uses each of its bindings, by their names in the code. */
export type Bindings<Name extends string> = { readonly [name in Name]: Access };

/** What one launch must compute and move at least. */
export interface Cost {
  /** Multiplications and additions of its product. Default 0: element-wise work is not counted. */
  readonly operations?: number;
  /** 32-bit words that it reads and writes, each counted once. */
  readonly words: number;
}

/**
 * A kernel as text, without what {@link shaderText} adds for a device. A launch gives each binding a buffer and each argument a
 * number, by the names that are declared here.
 */
export interface Kernel<Binding extends string, Argument extends string = never> {
  /** What the kernel does. The profile sums up times by `name` and `detail`. */
  readonly name: string;
  /** Its size and form, e.g. `192 × 512 × 3136, tiles of 64 × 64`. Default: the launch's workgroups and bytes. */
  readonly detail?: string;
  readonly bindings: Bindings<Binding>;
  /** Names of the numbers that each launch gives, unsigned 32-bit integers. At most {@link MAX_ARGUMENTS}; default: none. */
  readonly arguments?: readonly Argument[];
  /** Functions, and `fn run(group: vec3u, lane: u32, groups: vec3u)`, called by each invocation. */
  readonly code: string;
  readonly cost: Cost;
  /** Invocations of a workgroup. Default {@link WORKGROUP}. */
  readonly workgroup?: number;
  /** Whether the code calls `workgroup_sum(lane, value)`: the sum over the workgroup, given to every invocation. */
  readonly sums?: boolean;
  /** Whether the code uses the type f16. */
  readonly float16?: boolean;
}

/** A kernel whose bindings and arguments are not known by name. */
export type AnyKernel = Kernel<string, string>;

/** Most bindings of a kernel: WebGPU's lowest limit. */
export const MAX_BINDINGS = 8;
/** Most arguments of a kernel. */
export const MAX_ARGUMENTS = 4;
/** Where a dispatch's arguments start, after the bindings' offsets, in 32-bit words. */
export const ARGUMENTS_AT = 12;
/** Bytes of a dispatch's numbers. */
export const ARGUMENT_BYTES = 64;
/** Invocations of a workgroup: WebGPU's lowest limit. */
export const WORKGROUP = 256;

function binding(name: string, access: Access, i: number): string {
  const offset = `numbers.v[${Math.floor(i / 4)}][${i % 4}]`;
  const mode = writes(access) ? 'read_write' : 'read';
  const declare = (type: string) =>
    `@group(0) @binding(${i + 1}) var<storage, ${mode}> buffer_${name}: array<${type}>;`;
  const set = (suffix: string, type: string, at: string) =>
    writes(access) ? `\nfn set_${name}${suffix}(i: u32, value: ${type}) { buffer_${name}[${at}] = value; }` : '';
  if (isVectors(access)) {
    const vector = `(${offset} + i) / ${VECTOR}u`;
    return `${declare('vec4f')}
fn ${name}(i: u32) -> f32 { let at = ${offset} + i; return buffer_${name}[at / ${VECTOR}u][at % ${VECTOR}u]; }
fn ${name}4(i: u32) -> vec4f { return buffer_${name}[${vector}]; }${set('4', 'vec4f', vector)}`;
  }
  const type = access === 'read u32' ? 'u32' : 'f32';
  return `${declare(type)}
fn ${name}(i: u32) -> ${type} { return buffer_${name}[${offset} + i]; }${set('', type, `${offset} + i`)}`;
}

const argument = (name: string, i: number) => `fn ${name}() -> u32 { return numbers.v[${ARGUMENTS_AT / 4}][${i}]; }\n`;

const SUM = `var<workgroup> sums: array<f32, ${WORKGROUP}>;
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

/** Two barriers instead of ten. It assumes that a subgroup's invocations are neighbours, as they are in one-dimensional workgroups. */
const SUBGROUP_SUM = `var<workgroup> sums: array<f32, ${WORKGROUP}>;
var<private> subgroup_lane: u32;
var<private> subgroup_lanes: u32;
fn workgroup_sum(lane: u32, value: f32) -> f32 {
  let part = subgroupAdd(value);
  if (subgroup_lane == 0u) { sums[lane / subgroup_lanes] = part; }
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < ${WORKGROUP}u / subgroup_lanes; i++) { total += sums[i]; }
  workgroupBarrier();
  return total;
}`;

/**
 * A kernel's whole WGSL. Its code reads element i of the binding b as `b(i)` and writes it as `set_b(i, value)`, vectors as `b4(i)` and
 * `set_b4(i, value)`, from the dispatch's offset on; it reads the argument a as `a()`.
 * @param subgroups whether sums may use subgroup operations
 */
export function shaderText(kernel: AnyKernel, subgroups: boolean): string {
  const { bindings, arguments: names = [], code, workgroup = WORKGROUP, sums = false, float16 = false } = kernel;
  const bySubgroups = sums && subgroups;
  const builtins = bySubgroups ? ', @builtin(subgroup_invocation_id) own: u32, @builtin(subgroup_size) lanes: u32' : '';
  return `${float16 ? 'enable f16;\n' : ''}${bySubgroups ? 'enable subgroups;\n' : ''}struct Numbers { v: array<vec4u, 4> }
@group(0) @binding(0) var<uniform> numbers: Numbers;
${names.map(argument).join('')}${Object.entries(bindings)
  .map(([name, access], i) => binding(name, access, i))
  .join('\n')}
${sums ? (bySubgroups ? SUBGROUP_SUM : SUM) : ''}
${code}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u${builtins}) {
  ${bySubgroups ? 'subgroup_lane = own; subgroup_lanes = lanes;' : ''}
  run(group, lane, groups);
}
`;
}

/** A kernel of one invocation for each i < `count`. */
export interface ElementwiseSpec<Binding extends string, Argument extends string>
  extends Pick<Kernel<Binding, Argument>, 'name' | 'bindings' | 'arguments'> {
  readonly count: number;
  /** May return early. */
  readonly body: string;
  readonly helpers?: string;
  /** Words read and written. Default: one of each binding for each i. */
  readonly words?: number;
}

/** See {@link ElementwiseSpec}. */
export function elementwise<Binding extends string, Argument extends string = never>(
  spec: ElementwiseSpec<Binding, Argument>,
): Kernel<Binding, Argument> {
  const { name, bindings, count, body, helpers = '', words } = spec;
  return {
    name,
    bindings,
    arguments: spec.arguments,
    cost: { words: words ?? count * Object.keys(bindings).length },
    code: `${helpers}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let i = (group.y * groups.x + group.x) * ${WORKGROUP}u + lane;
  if (i >= ${count}u) { return; }
${body}
}`,
  };
}

/** Workgroups that cover `count` elements, in two dimensions because each is limited to 65535. */
export function cover(count: number): [number, number, number] {
  const groups = Math.ceil(count / WORKGROUP);
  const x = Math.min(groups, 32768);
  return [x, Math.ceil(groups / x), 1];
}

/** The largest number and the smallest normal one of float32. */
export const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;
export const SMALLEST_FLOAT = 2 ** -126;

/**
 * A float as WGSL text.
 * @throws InputError for a number that is not finite in float32: numbers come from the specification
 */
export function float(value: number): string {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) {
    throw new InputError(
      `the specification leads to the number ${value}, too large for a GPU's float32: bring its numbers nearer to 1.`,
    );
  }
  const text = String(rounded);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
