import type { Groups } from '../plan/builder.js';
import { type Bindings, type Kernel, VECTOR } from '../plan/kernel.js';
import { FOUR, type Form, inForms, type Operand, type Result, SCALAR, writing } from './operand.js';
import { range, Side } from './side.js';
import { type Choice, choose, type Tile } from './tile.js';

/** Both factors of a product. */
export interface Operands {
  /** [m, k], from `row`, `inner` and `phase`. */
  readonly left: Operand;
  /** [k, n], from `inner`, `column` and `phase`. */
  readonly right: Operand;
}

/** A matrix product [m, k] × [k, n] with its operands and its result as functions of their indices. */
export interface ProductSpec<Binding extends string, Argument extends string = never> extends Operands {
  readonly name: string;
  /** The bindings of operands and result. Those of the result become vectors if results are stored four at a time. */
  readonly bindings: Bindings<Binding>;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Independent products, `phase` in the code. Default 1. */
  readonly phases?: number;
  /** [m, n] of each phase and part, from `row`, `column`, `value`, `phase` and `part`. */
  readonly result: Result<NoInfer<Binding>, Argument>;
  /** WGSL: what operands and result call; and, where phases differ, `rowsOf(phase)` and `innerOf(phase)`. Default: nothing. */
  readonly code?: string;
  readonly varying?: boolean;
  /** Into how many parts it may be cut along k (split-K); each part is stored separately. Default 1. */
  readonly mostParts?: number;
  /** Whether operands are rounded to float16 and sums over a tile's depth are float16. Default false. */
  readonly float16?: boolean;
  /** Distinct words of both operands. Default: m k + k n of each phase. */
  readonly operands?: number;
  /** Multiplications whose operands are not padding, of all phases. Default: m n k of each phase. */
  readonly pairs?: number;
}

/** A product's kernel, its grid and into how many parts it is cut. */
export interface Product<Binding extends string, Argument extends string = never> {
  readonly kernel: Kernel<Binding, Argument>;
  readonly groups: Groups;
  readonly parts: number;
}

type AnySpec = ProductSpec<string, string>;

/** WGSL: where a workgroup's outputs and inner elements lie. */
function extent({ m, k, varying = false }: AnySpec, { rows, columns, depth }: Tile, splits: number): string {
  const chunk = Math.ceil(k / splits / depth) * depth;
  return `let part = group.z % ${splits}u;
  let phase = group.z / ${splits}u;
  let rowCount = ${varying ? 'rowsOf(phase)' : `${m}u`};
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  if (firstRow >= rowCount) { return; }
  let first = part * ${chunk}u;
  let end = min(${varying ? 'innerOf(phase)' : `${k}u`}, first + ${chunk}u);`;
}

/** Each invocation sums up one output. */
function directCode(spec: AnySpec, tile: Tile, splits: number): string {
  return `${functions(spec, SCALAR)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${extent(spec, tile, splits)}
  let row = firstRow + lane / ${tile.columns}u;
  let column = firstColumn + lane % ${tile.columns}u;
  if (row >= rowCount || column >= ${spec.n}u) { return; }
  var sum = 0.0;
  for (var inner = first; inner < end; inner++) { sum = fma(left(row, inner, phase), right(inner, column, phase), sum); }
  store(row, column, sum, phase, part);
}`;
}

/**
 * Slices of an output's sum, each by an invocation. One that reads vectors has four inner elements at a time, or four rows, as memory runs;
 * neighbouring invocations have neighbours in memory. What slices have summed up passes through workgroup memory.
 */
function slicedCode(spec: AnySpec, tile: Tile, splits: number): string {
  const { left, right } = spec;
  const { suffix, type } = left.vector ? FOUR : SCALAR;
  const size = left.vector ? VECTOR : 1;
  const [across, down] = left.alongInner ? [1, size] : [size, 1];
  const lines = tile.rows / across;
  const slices = invocations(tile) / lines;
  const [line, slice] = left.alongInner
    ? [`lane / ${slices}u`, `lane % ${slices}u`]
    : [`lane % ${lines}u`, `lane / ${lines}u`];
  const sumType = across === 1 ? 'f32' : type;
  const one = (e: number) => `right(inner + ${e}u, column, phase)`;
  const four = right.vector && right.alongInner;
  const factor =
    down === 1
      ? `${type}(${one(0)})`
      : four
        ? 'right4(inner, column, phase)'
        : `vec4f(${range(down).map(one).join(', ')})`;
  const product = `left${suffix}(row, inner, phase)`;
  return `${functions(spec, SCALAR)}
var<workgroup> sums: array<${sumType}, ${lines * slices}>;
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${extent(spec, tile, splits)}
  let line = ${line};
  let slice = ${slice};
  let row = firstRow + line * ${across}u;
  let column = firstColumn;
  var sum = ${sumType}();
  if (row < rowCount) {
    for (var inner = first + slice * ${down}u; inner < end; inner += ${slices * down}u) {
      sum += ${down === 1 ? `${product} * ${factor}` : `dot(${product}, ${factor})`};
    }
  }
  sums[slice * ${lines}u + line] = sum;
  workgroupBarrier();
  if (lane >= ${tile.rows}u || firstRow + lane >= rowCount) { return; }
  var total = 0.0;
  for (var s = 0u; s < ${slices}u; s++) { total += sums[s * ${lines}u + lane / ${across}u]${across === 1 ? '' : `[lane % ${across}u]`}; }
  store(firstRow + lane, column, total, phase, part);
}`;
}

/** WGSL: an operand's functions. */
function operandCode({ vector = false, body }: Operand, name: string, indices: string): string {
  return inForms(
    vector,
    (form) => `fn ${name}${form.suffix}(${indices}, phase: u32) -> ${form.type} {\n  ${body(form)}\n}`,
  );
}

const functions = ({ left, right, result, code = '' }: AnySpec, form: Form) => `${code}
${operandCode(left, 'left', 'row: u32, inner: u32')}
${operandCode(right, 'right', 'inner: u32, column: u32')}
fn store(row: u32, column: u32, value: ${form.type}, phase: u32, part: u32) {
  ${result.body(form)}
}`;

/**
 * In what form results are stored. WGSL lets a write to a part of a vector write all of it: so a buffer is written in vectors only if one
 * invocation has all elements of each vector.
 */
const resultForm = ({ result }: AnySpec, { width, direct }: Tile): Form =>
  result.vector && !direct && width >= VECTOR ? FOUR : SCALAR;

/** WGSL: the operands with zeros beyond the ends, and the result without what is beyond. */
function bounded({ n, left, right }: AnySpec, { type }: Form): string {
  return `${inForms(
    left.vector ?? false,
    ({
      suffix,
      type,
    }) => `fn bounded_left${suffix}(row: u32, inner: u32, rowCount: u32, end: u32, phase: u32) -> ${type} {
  if (row < rowCount && inner < end) { return left${suffix}(row, inner, phase); }
  return ${type}();
}`,
  )}
${inForms(
  right.vector ?? false,
  ({ suffix, type }) => `fn bounded_right${suffix}(inner: u32, column: u32, end: u32, phase: u32) -> ${type} {
  if (column < ${n}u && inner < end) { return right${suffix}(inner, column, phase); }
  return ${type}();
}`,
)}
fn bounded_store(row: u32, column: u32, value: ${type}, rowCount: u32, phase: u32, part: u32) {
  if (row < rowCount && column < ${n}u) { store(row, column, value, phase, part); }
}`;
}

interface Sides {
  readonly left: Side;
  readonly right: Side;
}

function sidesOf(spec: AnySpec, tile: Tile): Sides {
  const { rows, columns, height, width, depth } = tile;
  const common = { depth, lanes: invocations(tile), scalar: spec.float16 ? 'f16' : 'f32' } as const;
  return {
    left: new Side({ ...common, name: 'left', length: rows, block: height, operand: spec.left }),
    right: new Side({ ...common, name: 'right', length: columns, block: width, operand: spec.right }),
  };
}

/** A vector of an invocation's sums: of one row of its block, along some of the columns. */
interface Sum {
  /** Ends its name in the code. */
  readonly name: string;
  /** The row's vector of the left side, and its element there. */
  readonly rowGroup: number;
  readonly rowElement: number;
  /** The columns' vector of the right side. */
  readonly columnGroup: number;
}

/** The sums of an invocation, `height` × `width`, as vectors along the columns. */
const sumsOf = (left: Side, right: Side): Sum[] =>
  range(left.groups).flatMap((rowGroup) =>
    range(left.vector).flatMap((rowElement) =>
      range(right.groups).map((columnGroup) => ({
        name: `${rowGroup}${rowElement}_${columnGroup}`,
        rowGroup,
        rowElement,
        columnGroup,
      })),
    ),
  );

const lines = <T>(items: readonly T[], line: (item: T) => string) => items.map(line).join('\n');

/**
 * WGSL: tiles pass through workgroup memory, as `side.ts` says; each invocation keeps `height` × `width` sums in registers. In half precision,
 * the products of one step are summed up in float16, and the steps in float32.
 */
function tiledCode(spec: AnySpec, tile: Tile, splits: number): string {
  const { depth, ahead = true } = tile;
  const form = resultForm(spec, tile);
  const sides = sidesOf(spec, tile);
  const { left, right } = sides;
  const sums = sumsOf(left, right);
  const sumType = right.vector === 1 ? 'f32' : `vec${right.vector}<f32>`;
  return `${left.declare()}
${right.declare()}
${functions(spec, form)}
${bounded(spec, form)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${extent(spec, tile, splits)}
  let blockRow = lane / ${right.step}u;
  let blockColumn = lane % ${right.step}u;
${lines(sums, ({ name }) => `  var sum${name} = ${sumType}();`)}
${left.registers()}
${right.registers()}
${ahead ? fetchCode(sides, 'first') : ''}
  for (var start = first; start < end; start += ${depth}u) {
${ahead ? '' : fetchCode(sides, 'start')}
${left.stage()}
${right.stage()}
    workgroupBarrier();
${ahead ? fetchCode(sides, `start + ${depth}u`) : ''}
${multiplyCode(sides, sums, depth, spec.float16 ? sumType : undefined)}
    workgroupBarrier();
  }
${lines(sums, (sum) => storeCode(sides, sum, form))}
}`;
}

/** WGSL: both sides of the tile whose inner elements start at `start`, to registers. */
function fetchCode({ left, right }: Sides, start: string): string {
  const fromLeft = left.fetch(start, (suffix, at, inner) => {
    return `bounded_left${suffix}(firstRow + ${at}, ${inner}, rowCount, end, phase)`;
  });
  const fromRight = right.fetch(start, (suffix, at, inner) => {
    return `bounded_right${suffix}(${inner}, firstColumn + ${at}, end, phase)`;
  });
  return `${fromLeft}\n${fromRight}`;
}

/** WGSL: adds the products of the tile in workgroup memory to the sums. @param halvesTo the sums' type, where those of a tile are float16 */
function multiplyCode(
  { left, right }: Sides,
  sums: readonly Sum[],
  depth: number,
  halvesTo: string | undefined,
): string {
  return `${halvesTo ? lines(sums, ({ name }) => `    var half${name} = ${right.type}();`) : ''}
    for (var d = 0u; d < ${depth}u; d++) {
${left.read('l', 'blockRow')}
${right.read('r', 'blockColumn')}
${lines(sums, ({ name, rowGroup, rowElement, columnGroup }) => {
  const sum = `${halvesTo ? 'half' : 'sum'}${name}`;
  return `      ${sum} = fma(${right.type}(${left.part(`l${rowGroup}`, rowElement)}), r${columnGroup}, ${sum});`;
})}
    }
${halvesTo ? lines(sums, ({ name }) => `    sum${name} += ${halvesTo}(half${name});`) : ''}`;
}

/** WGSL: stores a vector of sums, whole or element by element. */
function storeCode({ left, right }: Sides, { name, rowGroup, rowElement, columnGroup }: Sum, form: Form): string {
  const row = `firstRow + (blockRow + ${rowGroup * left.step}u) * ${left.vector}u + ${rowElement}u`;
  const column = `firstColumn + (blockColumn + ${columnGroup * right.step}u) * ${right.vector}u`;
  if (form === FOUR) return `  bounded_store(${row}, ${column}, sum${name}, rowCount, phase, part);`;
  const stores = range(right.vector).map(
    (e) => `bounded_store(${row}, ${column} + ${e}u, ${right.part(`sum${name}`, e)}, rowCount, phase, part);`,
  );
  return `  ${stores.join('\n  ')}`;
}

const invocations = ({ rows, columns, height, width, slices = 1 }: Tile) =>
  (rows / height) * (columns / width) * slices;

/** E.g. `192 × 512 × 3136, tiles of 64 × 64 by 4 × 4, in 8 parts`. */
function detailOf({ m, n, k, phases = 1 }: AnySpec, { tile, parts }: Choice): string {
  const { rows, columns, height, width, direct = false, slices = 1 } = tile;
  const size = `${phases > 1 ? `${phases} of ` : ''}${m} × ${n} × ${k}`;
  const how = direct
    ? `read directly${slices > 1 ? ` in ${slices} slices` : ''}`
    : `tiles of ${rows} × ${columns} by ${height} × ${width}`;
  return `${size}, ${how}${parts > 1 ? `, in ${parts} parts` : ''}`;
}

/** Writes the kernel of a product. @param choice its tile and parts. Default: what should be the fastest */
export function product<Binding extends string, Argument extends string = never>(
  spec: ProductSpec<Binding, Argument>,
  choice?: Choice,
): Product<Binding, Argument> {
  const { name, bindings, result, m, n, k, phases = 1, mostParts = 1, float16 = false } = spec;
  const chosen = choice ?? choose({ m, n, k, phases, mostParts });
  const { tile, parts } = chosen;
  const { rows, columns, direct = false } = tile;
  const write = tile.slices ? slicedCode : direct ? directCode : tiledCode;
  const operands = spec.operands ?? (m * k + k * n) * phases;
  const cost = { operations: 2 * (spec.pairs ?? m * n * k * phases), words: operands + m * n * phases * parts };
  const detail = detailOf(spec, chosen);
  const access = writing(resultForm(spec, tile) === FOUR);
  const written = Object.fromEntries(result.bindings.map((binding) => [binding, access]));
  const kernel = {
    name,
    detail,
    bindings: { ...bindings, ...written },
    arguments: result.arguments,
    code: write(spec, tile, parts),
    cost,
    workgroup: invocations(tile),
    float16: float16 && !direct,
  };
  return { kernel, groups: [Math.ceil(n / columns), Math.ceil(m / rows), parts * phases], parts };
}
