import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { BINARY, RELAXED_BINARY } from './binary.js';

type Numeric = (...values: number[]) => number;

/** Calls take addresses in bytes; sizes are in floats. */
export interface WasmExports {
  readonly gemmWork: () => number;
  readonly gemm: Numeric;
  readonly convolution: Numeric;
  readonly convolve: Numeric;
  readonly convolveInputGradient: Numeric;
  readonly convolveKernelGradient: Numeric;
  readonly fillRows: Numeric;
  readonly activateAll: Numeric;
  readonly activateGradient: Numeric;
  readonly normActivate: Numeric;
  readonly normActivateGradient: Numeric;
  readonly mixture: Numeric;
  readonly eStep: Numeric;
  readonly losses: Numeric;
  readonly upperLoss: Numeric;
  readonly maskedDifference: Numeric;
  readonly predictionGradient: Numeric;
}

/** What is used of WebAssembly, whose types belong to neither JavaScript nor Node. */
interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** What is used of the backend's own module, whose types leave it out. */
interface BackendModule {
  readonly asm?: { readonly memory?: object };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

const decode = (binary: string) => Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));

function instantiate(memory: object): WasmExports {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const relaxed = decode(RELAXED_BINARY);
  const bytes = WebAssembly.validate(relaxed) ? relaxed : decode(BINARY);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as WasmExports;
}

/** The compiled kernels on a backend's memory: they read and write its tensors where they lie. One call at a time. */
export class WasmModule {
  readonly exports: WasmExports;
  readonly #backend: BackendWasm;
  readonly #module: BackendModule;
  #work = 0;
  #workFloats = 0;

  /** @throws Error where the backend keeps its memory to itself: another version than 4.22 */
  constructor(backend: BackendWasm) {
    this.#backend = backend;
    this.#module = backend.wasm as unknown as BackendModule;
    const memory = this.#module.asm?.memory;
    if (!memory) throw new Error("@tensorflow/tfjs-backend-wasm hides its module's memory: install version 4.22.");
    this.exports = instantiate(memory);
  }

  /** Where a tensor's values lie; 0 for none. */
  address(tensor: tf.TensorInfo | undefined): number {
    return tensor ? this.#backend.getMemoryOffset(tensor.dataId) >>> 0 : 0;
  }

  /** A new tensor with undefined values. */
  output(shape: readonly number[]): tf.TensorInfo {
    return this.#backend.makeOutput([...shape], 'float32');
  }

  /** Scratch memory for one call. */
  work(floats: number): number {
    if (floats > this.#workFloats) {
      if (this.#workFloats > 0) this.#module._free(this.#work);
      this.#work = this.#module._malloc(floats * Float32Array.BYTES_PER_ELEMENT) >>> 0;
      this.#workFloats = floats;
    }
    return this.#work;
  }
}

const modules = new WeakMap<object, WasmModule>();

/** The kernels on the memory of a kernel call's backend. */
export function moduleOf(backend: unknown): WasmModule {
  const key = backend as BackendWasm;
  const module = modules.get(key) ?? new WasmModule(key);
  modules.set(key, module);
  return module;
}
