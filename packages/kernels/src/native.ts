import { fileURLToPath } from 'node:url';
import load from 'node-gyp-build';
import { checkedPrograms } from './check-program.js';
import { type Arena, type Kernels, type Precision, precisions } from './kernels.js';
import { KernelsError } from './kernels-error.js';

/** The variants of the addon on all processors. */
export const nativeVariants = ['avx2', 'avx512', 'avx512bf16', 'amx', 'neon'] as const;
export type NativeVariant = (typeof nativeVariants)[number];

interface VariantInfo {
  readonly name: NativeVariant;
  readonly available: boolean;
  readonly bfloat16: boolean;
}

interface Addon {
  variants(): VariantInfo[];
  packedFloats(variant: number, k: number, n: number, precision: number): number;
  workspaceFloats(variant: number): number;
  prepare(buffer: ArrayBuffer): number;
  run(variant: number, program: Int32Array, arena: Float32Array): number;
}

/** The addon with its variants, or why there is none. */
type Loaded = { readonly addon: Addon; readonly variants: readonly VariantInfo[] } | { readonly reason: string };

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const ALIGNMENT = 64;

function loadAddon(): Loaded {
  try {
    const addon = load(packageFolder) as Addon;
    return { addon, variants: addon.variants() };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { reason: text.split('\n')[0]!.trim() };
  }
}

class NativeArena implements Arena {
  readonly floats: Float32Array;
  readonly #programs: readonly Int32Array[];
  readonly #run: (program: Int32Array) => number;

  constructor(floats: Float32Array, programs: readonly Int32Array[], run: (program: Int32Array) => number) {
    this.floats = floats;
    this.#programs = programs;
    this.#run = run;
  }

  run(program: number): void {
    const words = this.#programs[program];
    if (!words) throw new KernelsError(`There is no program ${program}.`);
    if (this.floats.buffer.byteLength === 0) throw new KernelsError('The arena was transferred to another thread.');
    const result = this.#run(words);
    if (result !== 0) throw new KernelsError(`An unknown instruction stands at word ${result - 1}.`);
  }
}

class NativeKernels implements Kernels {
  readonly target = 'native';
  readonly variant: NativeVariant;
  readonly precisions: readonly Precision[];
  readonly workspaceFloats: number;
  readonly #addon: Addon;
  readonly #index: number;

  constructor(addon: Addon, index: number, { name, bfloat16 }: VariantInfo) {
    this.variant = name;
    this.precisions = bfloat16 ? precisions : ['float32'];
    this.#addon = addon;
    this.#index = index;
    this.workspaceFloats = addon.workspaceFloats(index);
  }

  packedFloats(k: number, n: number, precision: Precision): number {
    return this.#addon.packedFloats(this.#index, k, n, precisions.indexOf(precision));
  }

  createArena(floats: number, programs: readonly Int32Array[]): Arena {
    const checked = checkedPrograms(programs, floats, this);
    const buffer = allocate(floats * Float32Array.BYTES_PER_ELEMENT + ALIGNMENT);
    const arena = new Float32Array(buffer, this.#addon.prepare(buffer), floats);
    return new NativeArena(arena, checked, (program) => this.#addon.run(this.#index, program, arena));
  }
}

function allocate(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    throw new KernelsError(`There is no room for ${Math.ceil(bytes / 2 ** 20)} MiB: make the batch smaller.`);
  }
}

const list = (infos: readonly VariantInfo[]) => infos.map(({ name }) => name).join(', ');

/** The last variant that the processor has, or the one asked for. */
function choose(infos: readonly VariantInfo[], name: string | undefined): VariantInfo | string {
  const available = infos.filter((info) => info.available);
  const best = available.at(-1);
  if (!best) return `This processor has none of the native variants (${list(infos)}).`;
  if (name === undefined) return best;
  const chosen = available.find((info) => info.name === name);
  if (chosen) return chosen;
  throw new KernelsError(`There is no variant "${name}" of the kernels on this machine: it has ${list(available)}.`);
}

let loaded: Loaded | undefined;

/** The kernels, or why there are none. */
export type NativeResult =
  | { readonly kernels: Kernels; readonly available: readonly NativeVariant[] }
  | { readonly reason: string };

/**
 * The kernels as compiled for this processor. A machine without them gets the reason as a sentence: `wasm` runs there.
 * @param variant one in particular; default: the environment variable NEM_KERNELS, or the best one that the processor has
 * @throws KernelsError for a variant that is unknown or that the processor lacks
 */
export function loadNative(variant: string | undefined = process.env.NEM_KERNELS || undefined): NativeResult {
  loaded ??= loadAddon();
  if ('reason' in loaded) return loaded;
  const { addon, variants } = loaded;
  const chosen = choose(variants, variant);
  if (typeof chosen === 'string') return { reason: chosen };
  const available = variants.filter((info) => info.available).map(({ name }) => name);
  return { kernels: new NativeKernels(addon, variants.indexOf(chosen), chosen), available };
}
