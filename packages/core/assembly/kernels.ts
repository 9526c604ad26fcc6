// AssemblyScript: matrix products and the moves between images and matrices that make convolutions of them, with 128-bit
// SIMD. `pnpm --filter @nem/core generate` compiles it into src/wasm/binary.ts. Addresses are bytes, strides are floats.

/** Rows and columns of the tile of C that the inner loop keeps in registers: more of either spills. */
const MR: i32 = 4;
const NR: i32 = 8;
/** Depth, rows and columns of the blocks that are packed: B's block stays in the second-level cache, A's panel in the first. */
const KC: i32 = 256;
const MC: i32 = 128;
const NC: i32 = 256;

/** Floats of scratch memory that `gemm` needs at `work`. */
export function workSize(): i32 {
  return KC * NC + MC * KC + MR * NR;
}

@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** Rows of A as panels of MR rows, k by k; rows beyond the last are 0. */
function packA(rows: i32, depth: i32, a: usize, rowStride: i32, depthStride: i32, out: usize): void {
  for (let i = 0; i < rows; i += MR) {
    const left = min(MR, rows - i);
    const panel = at(a, i * rowStride);
    if (left == MR && rowStride == 1) {
      for (let k = 0; k < depth; k++, out += 16) v128.store(out, v128.load(at(panel, k * depthStride)));
    } else if (left == MR) {
      const second = at(panel, rowStride);
      const third = at(second, rowStride);
      const fourth = at(third, rowStride);
      for (let k = 0; k < depth; k++, out += 16) {
        const offset = at(0, k * depthStride);
        store<f32>(out, load<f32>(panel + offset));
        store<f32>(out, load<f32>(second + offset), 4);
        store<f32>(out, load<f32>(third + offset), 8);
        store<f32>(out, load<f32>(fourth + offset), 12);
      }
    } else {
      for (let k = 0; k < depth; k++, out += 16) {
        v128.store(out, f32x4.splat(0));
        for (let r = 0; r < left; r++) store<f32>(at(out, r), load<f32>(at(panel, r * rowStride + k * depthStride)));
      }
    }
  }
}

/** Columns of B as panels of NR columns, k by k; columns beyond the last are 0. */
function packB(depth: i32, columns: i32, b: usize, depthStride: i32, columnStride: i32, out: usize): void {
  for (let j = 0; j < columns; j += NR) {
    const left = min(NR, columns - j);
    const panel = at(b, j * columnStride);
    if (left == NR && columnStride == 1) {
      for (let k = 0; k < depth; k++, out += 32) {
        const row = at(panel, k * depthStride);
        v128.store(out, v128.load(row));
        v128.store(out, v128.load(row, 16), 16);
      }
    } else if (left == NR && depthStride == 1) {
      for (let c = 0; c < NR; c++) {
        let source = at(panel, c * columnStride);
        let target = at(out, c);
        for (let k = 0; k < depth; k++, source += 4, target += 32) store<f32>(target, load<f32>(source));
      }
      out += <usize>depth << 5;
    } else {
      for (let k = 0; k < depth; k++, out += 32) {
        v128.store(out, f32x4.splat(0));
        v128.store(out, f32x4.splat(0), 16);
        for (let c = 0; c < left; c++) store<f32>(at(out, c), load<f32>(at(panel, k * depthStride + c * columnStride)));
      }
    }
  }
}

/** C += A B for one tile of MR × NR. */
function tile(depth: i32, a: usize, b: usize, c: usize, rowBytes: usize): void {
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
    c00 = f32x4.add(f32x4.mul(row, b0), c00);
    c01 = f32x4.add(f32x4.mul(row, b1), c01);
    row = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(f32x4.mul(row, b0), c10);
    c11 = f32x4.add(f32x4.mul(row, b1), c11);
    row = v128.load_splat<f32>(a, 8);
    c20 = f32x4.add(f32x4.mul(row, b0), c20);
    c21 = f32x4.add(f32x4.mul(row, b1), c21);
    row = v128.load_splat<f32>(a, 12);
    c30 = f32x4.add(f32x4.mul(row, b0), c30);
    c31 = f32x4.add(f32x4.mul(row, b1), c31);
    a += 16;
    b += 32;
  }
  addTo(c, c00, c01);
  addTo(c + rowBytes, c10, c11);
  addTo(c + 2 * rowBytes, c20, c21);
  addTo(c + 3 * rowBytes, c30, c31);
}

@inline
function addTo(c: usize, left: v128, right: v128): void {
  v128.store(c, f32x4.add(v128.load(c), left));
  v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
}

/** A tile of which only `rows` × `columns` are C's: by way of a whole one at `scratch`. */
function edgeTile(depth: i32, a: usize, b: usize, c: usize, stride: i32, rows: i32, columns: i32, scratch: usize): void {
  memory.fill(scratch, 0, MR * NR * 4);
  tile(depth, a, b, scratch, NR * 4);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = at(c, i * stride + j);
      store<f32>(target, load<f32>(target) + load<f32>(at(scratch, i * NR + j)));
    }
  }
}

/** C += A B for packed blocks. */
function block(rows: i32, columns: i32, depth: i32, a: usize, b: usize, c: usize, stride: i32, scratch: usize): void {
  for (let j = 0; j < columns; j += NR) {
    const panelB = at(b, j * depth);
    const wide = min(NR, columns - j);
    for (let i = 0; i < rows; i += MR) {
      const panelA = at(a, i * depth);
      const target = at(c, i * stride + j);
      const high = min(MR, rows - i);
      if (high == MR && wide == NR) tile(depth, panelA, panelB, target, <usize>stride << 2);
      else edgeTile(depth, panelA, panelB, target, stride, high, wide, scratch);
    }
  }
}

/**
 * C += A B. A: [m, k], element (i, p) at a[i · aRow + p · aColumn]; B: [k, n] likewise; C: [m, n], rows one after the other.
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
  work: usize,
): void {
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
        block(rows, columns, depth, packedA, work, at(c, i * n + j), n, scratch);
      }
    }
  }
}

@inline
function copyFloats(target: usize, source: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) v128.store(at(target, i), v128.load(at(source, i)));
  for (; i < length; i++) store<f32>(at(target, i), load<f32>(at(source, i)));
}

@inline
function zeroFloats(target: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) v128.store(at(target, i), f32x4.splat(0));
  for (; i < length; i++) store<f32>(at(target, i), 0);
}

@inline
function addFloats(target: usize, source: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    v128.store(at(target, i), f32x4.add(v128.load(at(target, i)), v128.load(at(source, i))));
  }
  for (; i < length; i++) store<f32>(at(target, i), load<f32>(at(target, i)) + load<f32>(at(source, i)));
}

/**
 * The patches under a kernel as a matrix: [images · outHeight · outWidth, kernelHeight · kernelWidth · channels] from
 * [images, height, width, channels], with zeros where a kernel is outside.
 */
export function imagesToPatches(
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  x: usize,
  patches: usize,
): void {
  const line = kernelWidth * channels;
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const from = column * stride - left;
        const first = max(0, -from);
        const end = max(first, min(kernelWidth, width - from));
        for (let u = 0; u < kernelHeight; u++, patches = at(patches, line)) {
          const y = row * stride - top + u;
          if (y < 0 || y >= height) {
            zeroFloats(patches, line);
            continue;
          }
          zeroFloats(patches, first * channels);
          const source = at(x, ((image * height + y) * width + from + first) * channels);
          copyFloats(at(patches, first * channels), source, (end - first) * channels);
          zeroFloats(at(patches, end * channels), (kernelWidth - end) * channels);
        }
      }
    }
  }
}

/** Adds each patch's values to the pixels that they came from: the transpose of `imagesToPatches`. */
export function patchesToImages(
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  top: i32,
  left: i32,
  outHeight: i32,
  outWidth: i32,
  patches: usize,
  x: usize,
): void {
  const line = kernelWidth * channels;
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const from = column * stride - left;
        const first = max(0, -from);
        const end = max(first, min(kernelWidth, width - from));
        for (let u = 0; u < kernelHeight; u++, patches = at(patches, line)) {
          const y = row * stride - top + u;
          if (y < 0 || y >= height) continue;
          const target = at(x, ((image * height + y) * width + from + first) * channels);
          addFloats(target, at(patches, first * channels), (end - first) * channels);
        }
      }
    }
  }
}
