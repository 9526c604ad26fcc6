import { multiplyAdd } from './math';
import { at, sumLanes } from './memory';

/** Rows and columns of the tile of C that the inner loop keeps in registers: more of either spills. */
const MR: i32 = 4;
const NR: i32 = 8;
/** Depth, rows and columns of the blocks that are packed: B's block stays in the second-level cache, A's panel in the first. */
const KC: i32 = 256;
const MC: i32 = 128;
const NC: i32 = 256;

/** Floats of scratch memory that `gemm` needs at `work`. */
export const GEMM_WORK: i32 = KC * NC + MC * KC + MR * NR;

/** {@link GEMM_WORK} for the caller. */
export function gemmWork(): i32 {
  return GEMM_WORK;
}

/** Four rows of four floats each, `stride` bytes apart, become four columns `step` bytes apart. */
@inline
function transpose4(source: usize, stride: usize, target: usize, step: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + stride);
  const c = v128.load(source + 2 * stride);
  const d = v128.load(source + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(target + step, v128.shuffle<f64>(ab, cd, 1, 3));
  v128.store(target + 2 * step, v128.shuffle<f64>(abHigh, cdHigh, 0, 2));
  v128.store(target + 3 * step, v128.shuffle<f64>(abHigh, cdHigh, 1, 3));
}

/** One panel of `left` of `width` rows, 4 or 8, element by element: what no fast path takes. */
function packPart(
  width: i32,
  left: i32,
  from: i32,
  depth: i32,
  source: usize,
  rowStride: i32,
  depthStride: i32,
  out: usize,
): void {
  for (let k = from; k < depth; k++) {
    const target = at(out, k * width);
    for (let r = 0; r < width; r++) {
      store<f32>(at(target, r), r < left ? load<f32>(at(source, r * rowStride + k * depthStride)) : 0);
    }
  }
}

/** Rows of A as panels of MR rows, k by k; rows beyond the last are 0. */
function packA(rows: i32, depth: i32, a: usize, rowStride: i32, depthStride: i32, out: usize): void {
  for (let i = 0; i < rows; i += MR, out = at(out, MR * depth)) {
    const left = min(MR, rows - i);
    const panel = at(a, i * rowStride);
    let k = 0;
    if (left == MR && rowStride == 1) {
      for (; k < depth; k++) v128.store(at(out, k * MR), v128.load(at(panel, k * depthStride)));
    } else if (left == MR && depthStride == 1) {
      for (; k + 4 <= depth; k += 4) transpose4(at(panel, k), <usize>rowStride << 2, at(out, k * MR), MR * 4);
    }
    packPart(MR, left, k, depth, panel, rowStride, depthStride, out);
  }
}

/** Columns of B as panels of NR columns, k by k; columns beyond the last are 0. */
function packB(depth: i32, columns: i32, b: usize, depthStride: i32, columnStride: i32, out: usize): void {
  for (let j = 0; j < columns; j += NR, out = at(out, NR * depth)) {
    const left = min(NR, columns - j);
    const panel = at(b, j * columnStride);
    let k = 0;
    if (left == NR && columnStride == 1) {
      for (; k < depth; k++) {
        const row = at(panel, k * depthStride);
        v128.store(at(out, k * NR), v128.load(row));
        v128.store(at(out, k * NR), v128.load(row, 16), 16);
      }
    } else if (left == NR && depthStride == 1) {
      const stride = <usize>columnStride << 2;
      for (; k + 4 <= depth; k += 4) {
        transpose4(at(panel, k), stride, at(out, k * NR), NR * 4);
        transpose4(at(panel, k) + 4 * stride, stride, at(out, k * NR) + 16, NR * 4);
      }
    }
    packPart(NR, left, k, depth, panel, columnStride, depthStride, out);
  }
}

@inline
function put(c: usize, left: v128, right: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), left) : left);
  v128.store(c, accumulate ? f32x4.add(v128.load(c, 16), right) : right, 16);
}

/** C = A B, or C += A B, for one tile of MR × NR. */
function tile(depth: i32, a: usize, b: usize, c: usize, rowBytes: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let row = v128.load_splat<f32>(a);
    c00 = multiplyAdd(row, b0, c00);
    c01 = multiplyAdd(row, b1, c01);
    row = v128.load_splat<f32>(a, 4);
    c10 = multiplyAdd(row, b0, c10);
    c11 = multiplyAdd(row, b1, c11);
    row = v128.load_splat<f32>(a, 8);
    c20 = multiplyAdd(row, b0, c20);
    c21 = multiplyAdd(row, b1, c21);
    row = v128.load_splat<f32>(a, 12);
    c30 = multiplyAdd(row, b0, c30);
    c31 = multiplyAdd(row, b1, c31);
    a += 16;
    b += 32;
  }
  put(c, c00, c01, accumulate);
  put(c + rowBytes, c10, c11, accumulate);
  put(c + 2 * rowBytes, c20, c21, accumulate);
  put(c + 3 * rowBytes, c30, c31, accumulate);
}

/** A tile of which only `rows` × `columns` are C's: by way of a whole one at `scratch`. */
function edgeTile(
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  stride: i32,
  rows: i32,
  columns: i32,
  accumulate: bool,
  scratch: usize,
): void {
  tile(depth, a, b, scratch, NR * 4, false);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = at(c, i * stride + j);
      const value = load<f32>(at(scratch, i * NR + j));
      store<f32>(target, accumulate ? load<f32>(target) + value : value);
    }
  }
}

/** {@link tile} for packed blocks. */
function block(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  c: usize,
  stride: i32,
  accumulate: bool,
  scratch: usize,
): void {
  for (let j = 0; j < columns; j += NR) {
    const panelB = at(b, j * depth);
    const wide = min(NR, columns - j);
    for (let i = 0; i < rows; i += MR) {
      const panelA = at(a, i * depth);
      const target = at(c, i * stride + j);
      const high = min(MR, rows - i);
      if (high == MR && wide == NR) tile(depth, panelA, panelB, target, <usize>stride << 2, accumulate);
      else edgeTile(depth, panelA, panelB, target, stride, high, wide, accumulate, scratch);
    }
  }
}

/** A product with one column: B's column packed, then a dot product a row. */
function timesColumn(
  m: i32,
  k: i32,
  a: usize,
  aRow: i32,
  b: usize,
  bRow: i32,
  c: usize,
  accumulate: bool,
  work: usize,
): void {
  for (let p = 0; p < k; p += KC) {
    const depth = min(KC, k - p);
    for (let i = 0; i < depth; i++) store<f32>(at(work, i), load<f32>(at(b, (p + i) * bRow)));
    const add = accumulate || p > 0;
    for (let row = 0; row < m; row++) {
      const source = at(a, row * aRow + p);
      let first = f32x4.splat(0);
      let second = f32x4.splat(0);
      let i = 0;
      for (; i + 8 <= depth; i += 8) {
        first = multiplyAdd(v128.load(at(source, i)), v128.load(at(work, i)), first);
        second = multiplyAdd(v128.load(at(source, i), 16), v128.load(at(work, i), 16), second);
      }
      let sum = sumLanes(f32x4.add(first, second));
      for (; i < depth; i++) sum += load<f32>(at(source, i)) * load<f32>(at(work, i));
      const target = at(c, row);
      store<f32>(target, add ? load<f32>(target) + sum : sum);
    }
  }
}

/**
 * C = A B, or C += A B where `accumulate`. A: [m, k], element (i, p) at a[i · aRow + p · aColumn]; B: [k, n] likewise; C: [m, n],
 * rows one after the other.
 */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  accumulate: bool,
  work: usize,
): void {
  if (n == 1 && aColumn == 1) {
    timesColumn(m, k, a, aRow, b, bRow, c, accumulate, work);
    return;
  }
  const packedA = at(work, KC * NC);
  const scratch = at(packedA, MC * KC);
  for (let j = 0; j < n; j += NC) {
    const columns = min(NC, n - j);
    for (let p = 0; p < k; p += KC) {
      const depth = min(KC, k - p);
      packB(depth, columns, at(b, p * bRow + j * bColumn), bRow, bColumn, work);
      for (let i = 0; i < m; i += MC) {
        const rows = min(MC, m - i);
        packA(rows, depth, at(a, i * aRow + p * aColumn), aRow, aColumn, packedA);
        block(rows, columns, depth, packedA, work, at(c, i * n + j), n, accumulate || p > 0, scratch);
      }
    }
  }
}
