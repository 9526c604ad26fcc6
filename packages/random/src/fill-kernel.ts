import { BINARY } from './binary.js';
import { normalFromWord } from './normal.js';
import { threefryFirst, threefrySecond } from './threefry.js';

/** Makes random words, standard normal numbers and flips, one chunk at a time, in memory of its own. */
export interface FillKernel {
  /** Room for {@link CHUNK_WORDS} words. */
  readonly words: Uint32Array;
  readonly normals: Float64Array;
  /** Room for as many numbers; it shares its memory with `normals`. */
  readonly floats: Float32Array;
  /** Writes the words of `blocks` blocks (a multiple of 4), from counter (`block`, 0), to the start of `words`. */
  makeWords(key0: number, key1: number, block: number, blocks: number): void;
  /** Writes the normal numbers of the words `from` … `from` + `count` − 1 to the start of `normals`. */
  makeNormals(from: number, count: number): void;
  /** The first `count` of `floats`: x becomes 1 − x where the word from `from` on is below `threshold`, at most 2³² − 1. */
  flip(from: number, count: number, threshold: number): void;
}

/** Words in a chunk: few enough for the first-level cache. */
export const CHUNK_WORDS = 2048;

/** The kernel in plain JavaScript: the reference, used where there is no WebAssembly with SIMD. */
export function plainKernel(): FillKernel {
  const words = new Uint32Array(CHUNK_WORDS);
  const normals = new Float64Array(CHUNK_WORDS);
  const floats = new Float32Array(normals.buffer, 0, CHUNK_WORDS);
  return {
    words,
    normals,
    floats,
    makeWords(key0, key1, block, blocks) {
      for (let i = 0; i < blocks; i++) {
        words[2 * i] = threefryFirst(key0, key1, block + i, 0);
        words[2 * i + 1] = threefrySecond;
      }
    },
    makeNormals(from, count) {
      for (let i = 0; i < count; i++) normals[i] = normalFromWord(words[from + i]!);
    },
    flip(from, count, threshold) {
      for (let i = 0; i < count; i++) if (words[from + i]! < threshold) floats[i] = 1 - floats[i]!;
    },
  };
}

/** The part of WebAssembly that is used here. Its types belong to neither JavaScript nor Node. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  words(key0: number, key1: number, block: number, blocks: number, out: number): void;
  normals(source: number, count: number, out: number): void;
  flips(source: number, threshold: number, count: number, out: number): void;
}

const WORDS_AT = 1024;
const NORMALS_AT = WORDS_AT + CHUNK_WORDS * 4;

/**
 * The kernel compiled for 128-bit SIMD: the same bits, several times as fast.
 * @throws where WebAssembly or SIMD is missing
 */
export function compiledKernel(): FillKernel {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const bytes = Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0));
  const { memory, words, normals, flips } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
  // The memory never grows again, so the views stay valid.
  memory.grow(1);
  return {
    words: new Uint32Array(memory.buffer, WORDS_AT, CHUNK_WORDS),
    normals: new Float64Array(memory.buffer, NORMALS_AT, CHUNK_WORDS),
    floats: new Float32Array(memory.buffer, NORMALS_AT, CHUNK_WORDS),
    makeWords: (key0, key1, block, blocks) => words(key0, key1, block, blocks, WORDS_AT),
    makeNormals: (from, count) => normals(WORDS_AT + from * 4, count, NORMALS_AT),
    flip: (from, count, threshold) => flips(WORDS_AT + from * 4, threshold, count, NORMALS_AT),
  };
}

let kernel: FillKernel | undefined;

/** The fastest kernel of this machine, made on first use. */
export function fillKernel(): FillKernel {
  if (!kernel) {
    try {
      kernel = compiledKernel();
    } catch {
      kernel = plainKernel();
    }
  }
  return kernel;
}
