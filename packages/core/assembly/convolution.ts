// Convolutions as matrix products over patches, a few rows of patches at a time so that they stay in the second-level cache.
// Images: [images, height, width, channels]; kernel: [kernelHeight, kernelWidth, channels, outputs];
// outputs: [images, outHeight, outWidth, outputs].
import { GEMM_WORK, gemm } from './gemm';
import { addFloats, at, copyFloats, zeroFloats } from './memory';

/** Floats of patches made at a time. */
const PATCHES: i32 = 1 << 17;

/** Fewest rows of patches made at a time, whatever their size. */
const LEAST_ROWS: i32 = 32;

/** Size of one convolution, set by `convolution` before each of the three calls below. */
let height: i32 = 0;
let width: i32 = 0;
let channels: i32 = 0;
let kernelHeight: i32 = 0;
let kernelWidth: i32 = 0;
let stride: i32 = 0;
let top: i32 = 0;
let left: i32 = 0;
let outHeight: i32 = 0;
let outWidth: i32 = 0;
let outputs: i32 = 0;
/** Rows of patches in all, and floats of one. */
let patchRows: i32 = 0;
let depth: i32 = 0;

/** Sets the size for the calls that follow; gives the floats of scratch memory that they need at `work`. */
export function convolution(
  images: i32,
  imageHeight: i32,
  imageWidth: i32,
  imageChannels: i32,
  ofKernelHeight: i32,
  ofKernelWidth: i32,
  ofStride: i32,
  paddingTop: i32,
  paddingLeft: i32,
  outputHeight: i32,
  outputWidth: i32,
  outputChannels: i32,
): i32 {
  height = imageHeight;
  width = imageWidth;
  channels = imageChannels;
  kernelHeight = ofKernelHeight;
  kernelWidth = ofKernelWidth;
  stride = ofStride;
  top = paddingTop;
  left = paddingLeft;
  outHeight = outputHeight;
  outWidth = outputWidth;
  outputs = outputChannels;
  patchRows = images * outHeight * outWidth;
  depth = kernelHeight * kernelWidth * channels;
  return GEMM_WORK + chunkRows() * depth;
}

@inline
function chunkRows(): i32 {
  return min(patchRows, max(LEAST_ROWS, PATCHES / depth));
}

/** Where one output's patch lies: its image row and column before the padding, and the taps that are inside. */
let patchImage: usize = 0;
let patchTop: i32 = 0;
let patchLeft: i32 = 0;
let firstTap: i32 = 0;
let endTap: i32 = 0;

@inline
function locate(row: i32, x: usize): void {
  const perImage = outHeight * outWidth;
  const image = row / perImage;
  const inside = row - image * perImage;
  const outRow = inside / outWidth;
  patchImage = at(x, image * height * width * channels);
  patchTop = outRow * stride - top;
  patchLeft = (inside - outRow * outWidth) * stride - left;
  firstTap = min(kernelWidth, max(0, -patchLeft));
  endTap = max(firstTap, min(kernelWidth, width - patchLeft));
}

/** The patches of rows `first` to `first + rows` − 1 as a matrix [rows, depth], 0 outside the image. */
function imagesToPatches(first: i32, rows: i32, x: usize, patches: usize): void {
  const line = kernelWidth * channels;
  for (let row = first; row < first + rows; row++) {
    locate(row, x);
    for (let u = 0; u < kernelHeight; u++, patches = at(patches, line)) {
      const y = patchTop + u;
      if (y < 0 || y >= height) {
        zeroFloats(patches, line);
        continue;
      }
      zeroFloats(patches, firstTap * channels);
      const source = at(patchImage, (y * width + patchLeft + firstTap) * channels);
      copyFloats(at(patches, firstTap * channels), source, (endTap - firstTap) * channels);
      zeroFloats(at(patches, endTap * channels), (kernelWidth - endTap) * channels);
    }
  }
}

/** Adds each patch's values to the pixels that they came from: the transpose of `imagesToPatches`. */
function patchesToImages(first: i32, rows: i32, patches: usize, x: usize): void {
  const line = kernelWidth * channels;
  for (let row = first; row < first + rows; row++) {
    locate(row, x);
    for (let u = 0; u < kernelHeight; u++, patches = at(patches, line)) {
      const y = patchTop + u;
      if (y < 0 || y >= height) continue;
      const target = at(patchImage, (y * width + patchLeft + firstTap) * channels);
      addFloats(target, at(patches, firstTap * channels), (endTap - firstTap) * channels);
    }
  }
}

/** y += the convolution of x with the kernel. */
export function convolve(x: usize, kernel: usize, y: usize, work: usize): void {
  const patches = at(work, GEMM_WORK);
  const most = chunkRows();
  for (let first = 0; first < patchRows; first += most) {
    const rows = min(most, patchRows - first);
    imagesToPatches(first, rows, x, patches);
    gemm(rows, outputs, depth, patches, depth, 1, kernel, outputs, 1, at(y, first * outputs), true, work);
  }
}

/** sum += the gradient of `convolve` by the kernel. */
export function convolveKernelGradient(x: usize, dy: usize, sum: usize, work: usize): void {
  const patches = at(work, GEMM_WORK);
  const most = chunkRows();
  for (let first = 0; first < patchRows; first += most) {
    const rows = min(most, patchRows - first);
    imagesToPatches(first, rows, x, patches);
    gemm(depth, outputs, rows, patches, 1, depth, at(dy, first * outputs), outputs, 1, sum, true, work);
  }
}

/** dx += the gradient of `convolve` by x. */
export function convolveInputGradient(dy: usize, kernel: usize, dx: usize, work: usize): void {
  const patches = at(work, GEMM_WORK);
  const most = chunkRows();
  for (let first = 0; first < patchRows; first += most) {
    const rows = min(most, patchRows - first);
    gemm(rows, depth, outputs, at(dy, first * outputs), outputs, 1, kernel, 1, outputs, patches, false, work);
    patchesToImages(first, rows, patches, dx);
  }
}
