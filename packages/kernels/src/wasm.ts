import { BINARY, RELAXED_BINARY } from './binary.js';
import { checkedPrograms } from './check-program.js';
import { type Arena, type Kernels, type Precision, precisions } from './kernels.js';
import { KernelsError } from './kernels-error.js';
import { shown } from './shown.js';

/**
 * The variants in WebAssembly, the preferred one first: relaxed SIMD has a multiply-add that rounds once where the processor has
 * one, and twice elsewhere.
 */
const binaries = { relaxed: RELAXED_BINARY, simd: BINARY } as const;
export type WasmVariant = keyof typeof binaries;
export const wasmVariants = Object.keys(binaries) as readonly WasmVariant[];

const PAGE = 65536;
const ALIGNMENT = 64;

interface Exports {
  readonly __heap_base: { readonly value: number };
  packedFloats(k: number, n: number, precision: number): number;
  workspaceFloats(): number;
  run(program: number, words: number, arena: number): number;
}

/** What is used of WebAssembly, whose types belong to neither JavaScript nor Node. */
interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };

const decode = (binary: string) => Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

function allocate(api: WebAssemblyApi, bytes: number) {
  try {
    return new api.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    const mebibytes = Math.ceil(bytes / 2 ** 20);
    throw new KernelsError(
      `WebAssembly has no room for ${mebibytes} MiB, for its memory ends at 4 GiB: make the batch smaller.`,
    );
  }
}

class WasmArena implements Arena {
  readonly floats: Float32Array;
  readonly #run: (program: number) => number | undefined;

  constructor(floats: Float32Array, run: (program: number) => number | undefined) {
    this.floats = floats;
    this.#run = run;
  }

  run(program: number): void {
    const result = this.#run(program);
    if (result === 0) return;
    throw new KernelsError(
      result ? `An unknown instruction stands at word ${result - 1}.` : `There is no program ${program}.`,
    );
  }
}

class WasmKernels implements Kernels {
  readonly target = 'wasm';
  readonly variant: WasmVariant;
  readonly precisions = ['float32'] as const;
  readonly workspaceFloats: number;
  readonly #api: WebAssemblyApi;
  readonly #module: object;
  readonly #sizes: Exports;
  readonly #base: number;

  constructor(api: WebAssemblyApi, variant: WasmVariant, bytes: Uint8Array) {
    this.variant = variant;
    this.#api = api;
    this.#module = new api.Module(bytes);
    this.#sizes = this.#instantiate(new api.Memory({ initial: MODULE_PAGES }));
    this.#base = align(this.#sizes.__heap_base.value);
    this.workspaceFloats = this.#sizes.workspaceFloats();
  }

  #instantiate(memory: object): Exports {
    return new this.#api.Instance(this.#module, { env: { memory } }).exports as Exports;
  }

  packedFloats(k: number, n: number, precision: Precision): number {
    return this.#sizes.packedFloats(k, n, precisions.indexOf(precision));
  }

  createArena(floats: number, programs: readonly Int32Array[]): Arena {
    const checked = checkedPrograms(programs, floats, this);
    let end = this.#base;
    const places = checked.map((program) => {
      const address = end;
      end += program.byteLength;
      return { program, address };
    });
    const start = align(end);
    const memory = allocate(this.#api, Math.max(start + floats * Float32Array.BYTES_PER_ELEMENT, MODULE_PAGES * PAGE));
    const { run } = this.#instantiate(memory);
    for (const { program, address } of places) new Int32Array(memory.buffer, address, program.length).set(program);
    return new WasmArena(new Float32Array(memory.buffer, start, floats), (index) => {
      const place = places[index];
      return place && run(place.address, place.program.length, start);
    });
  }
}

/** Pages that the module itself asks for: its stack and constants. */
const MODULE_PAGES = 32;

/**
 * The kernels in WebAssembly, which run in browsers and Node.
 * @param variant one in particular; default: the first that the engine compiles
 * @throws KernelsError for an unknown variant, and where there is no WebAssembly with SIMD, or not the variant
 */
export function loadWasm(variant?: WasmVariant): Kernels {
  if (!WebAssembly) throw new KernelsError('There is no WebAssembly here.');
  if (variant !== undefined && !wasmVariants.includes(variant)) {
    const known = wasmVariants.map(shown).join(' or ');
    throw new KernelsError(`There is no variant ${shown(variant)} of the kernels in WebAssembly: use ${known}.`);
  }
  for (const name of variant ? [variant] : wasmVariants) {
    const bytes = decode(binaries[name]);
    if (WebAssembly.validate(bytes)) return new WasmKernels(WebAssembly, name, bytes);
  }
  throw new KernelsError(`This JavaScript engine does not compile WebAssembly with ${variant ?? 'SIMD'}.`);
}
