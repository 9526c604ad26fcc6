import { BINARY } from './binary.js';

/** Size of a convolution with explicit padding: [images, height, width, channels] to [images, outHeight, outWidth, …]. */
export interface Patches {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly top: number;
  readonly left: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

type Numeric = (...values: number[]) => number;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly workSize: () => number;
  readonly gemm: Numeric;
  readonly imagesToPatches: Numeric;
  readonly patchesToImages: Numeric;
}

/** What is used of WebAssembly, whose types belong to neither JavaScript nor Node. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 65536;
/** Address of the scratch memory; the kernels have no data of their own. */
const WORK = 1024;
/** Floats of patches made at a time. */
const PATCH_FLOATS = 2 ** 20;

function instantiate(): Exports {
  const bytes = Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0));
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
}

/** Where a matrix lies and how far apart its rows and its columns are, in floats. */
interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/**
 * The compiled kernels with a memory of their own: arguments are copied in, results out, which costs little beside a
 * product. One call at a time.
 */
export class WasmModule {
  readonly #exports = instantiate();
  readonly #base = WORK + this.#exports.workSize() * 4;
  #next = 0;

  /** a · b, each transposed where asked for. a: [m, k] or [k, m], b: [k, n] or [n, k]; out: [m, n]. */
  multiply(
    a: Float32Array,
    b: Float32Array,
    [m, n, k]: readonly [number, number, number],
    transposeA: boolean,
    transposeB: boolean,
    out: Float32Array,
  ): void {
    this.#next = this.#base;
    const left = this.#put(a);
    const right = this.#put(b);
    const product = this.#zeros(m * n);
    this.#gemm(
      [m, n, k],
      transposeA ? { at: left, row: 1, column: m } : { at: left, row: k, column: 1 },
      transposeB ? { at: right, row: 1, column: k } : { at: right, row: n, column: 1 },
      product,
    );
    this.#take(product, out);
  }

  /** Convolution. x: [images, height, width, channels], kernel: [kernelHeight, kernelWidth, channels, outputs]. */
  convolve(size: Patches, x: Float32Array, kernel: Float32Array, outputs: number, out: Float32Array): void {
    this.#next = this.#base;
    const [images, weights] = [this.#put(x), this.#put(kernel)];
    const y = this.#zeros(out.length);
    const { row, depth } = patchSize(size);
    this.#chunks(size, (part, patches, first) => {
      this.#images('imagesToPatches', part, at(images, first * imageSize(size)), patches);
      const a = { at: patches, row: depth, column: 1 };
      const b = { at: weights, row: outputs, column: 1 };
      this.#gemm([part.images * row, outputs, depth], a, b, at(y, first * row * outputs));
    });
    this.#take(y, out);
  }

  /** Gradient of {@link convolve} by the kernel. */
  convolveKernelGradient(size: Patches, x: Float32Array, dy: Float32Array, outputs: number, out: Float32Array): void {
    this.#next = this.#base;
    const [images, gradients] = [this.#put(x), this.#put(dy)];
    const sum = this.#zeros(out.length);
    const { row, depth } = patchSize(size);
    this.#chunks(size, (part, patches, first) => {
      this.#images('imagesToPatches', part, at(images, first * imageSize(size)), patches);
      const a = { at: patches, row: 1, column: depth };
      const b = { at: at(gradients, first * row * outputs), row: outputs, column: 1 };
      this.#gemm([depth, outputs, part.images * row], a, b, sum);
    });
    this.#take(sum, out);
  }

  /** Gradient of {@link convolve} by x. */
  convolveInputGradient(
    size: Patches,
    dy: Float32Array,
    kernel: Float32Array,
    outputs: number,
    out: Float32Array,
  ): void {
    this.#next = this.#base;
    const [gradients, weights] = [this.#put(dy), this.#put(kernel)];
    const dx = this.#zeros(out.length);
    const { row, depth } = patchSize(size);
    this.#chunks(size, (part, patches, first) => {
      const rows = part.images * row;
      this.#floats(patches, rows * depth).fill(0);
      const a = { at: at(gradients, first * row * outputs), row: outputs, column: 1 };
      this.#gemm([rows, depth, outputs], a, { at: weights, row: 1, column: outputs }, patches);
      this.#images('patchesToImages', part, patches, at(dx, first * imageSize(size)));
    });
    this.#take(dx, out);
  }

  /** Calls `run` for a few images at a time, with room for their patches. */
  #chunks(size: Patches, run: (part: Patches, patches: number, first: number) => void): void {
    const { row, depth } = patchSize(size);
    const most = Math.max(1, Math.floor(PATCH_FLOATS / (row * depth)));
    const patches = this.#allocate(Math.min(most, size.images) * row * depth);
    for (let first = 0; first < size.images; first += most) {
      run({ ...size, images: Math.min(most, size.images - first) }, patches, first);
    }
  }

  #images(name: 'imagesToPatches' | 'patchesToImages', size: Patches, from: number, to: number): void {
    const { images, height, width, channels, kernelHeight, kernelWidth } = size;
    const { stride, top, left, outHeight, outWidth } = size;
    const move = this.#exports[name];
    move(images, height, width, channels, kernelHeight, kernelWidth, stride, top, left, outHeight, outWidth, from, to);
  }

  #gemm([m, n, k]: readonly [number, number, number], a: Matrix, b: Matrix, c: number): void {
    this.#exports.gemm(m, n, k, a.at, a.row, a.column, b.at, b.row, b.column, c, WORK);
  }

  /** Address of room for `length` floats. Growing the memory detaches earlier views of it. */
  #allocate(length: number): number {
    const address = this.#next;
    this.#next = Math.ceil((address + length * 4) / 16) * 16;
    const { memory } = this.#exports;
    const missing = this.#next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return address;
  }

  #floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#exports.memory.buffer, address, length);
  }

  #put(values: Float32Array): number {
    const address = this.#allocate(values.length);
    this.#floats(address, values.length).set(values);
    return address;
  }

  #zeros(length: number): number {
    const address = this.#allocate(length);
    this.#floats(address, length).fill(0);
    return address;
  }

  #take(address: number, out: Float32Array): void {
    out.set(this.#floats(address, out.length));
  }
}

const at = (address: number, floats: number) => address + floats * 4;
const imageSize = ({ height, width, channels }: Patches) => height * width * channels;

/** Rows of an image's patches, and floats of one. */
const patchSize = ({ outHeight, outWidth, kernelHeight, kernelWidth, channels }: Patches) => ({
  row: outHeight * outWidth,
  depth: kernelHeight * kernelWidth * channels,
});
