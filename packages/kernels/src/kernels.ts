/** How products are computed: sums and everything else are float32 in both. */
export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** Memory on which programs run. */
export interface Arena {
  /** All floats, aligned to 64 bytes; write what a program reads, read what it wrote. */
  readonly floats: Float32Array;
  /**
   * Runs a program of those that the arena was made with.
   * @param program its place among them
   * @throws KernelsError for a place without one
   */
  run(program: number): void;
}

/** The compiled kernels: WebAssembly or native, with the same programs and the same interface. */
export interface Kernels {
  readonly target: 'wasm' | 'native';
  /**
   * The instruction set in use: `simd` and `relaxed` in WebAssembly; `avx2`, `avx512`, `avx512bf16`, `amx` and `neon` as an
   * addon. The same variant gives the same bits on every processor, except for `relaxed`: there the processor decides whether a
   * multiply-add rounds once or twice.
   */
  readonly variant: string;
  readonly precisions: readonly Precision[];
  /** Floats of scratch memory that the products of a program share. */
  readonly workspaceFloats: number;
  /** Floats of a packed right operand of k rows and n columns. */
  packedFloats(k: number, n: number, precision: Precision): number;
  /**
   * An arena of zeros, with programs that may run on it. They are copied and checked once, here: no instruction reads or writes
   * outside the arena.
   * @param floats its size
   * @throws KernelsError for a program that would do so or is malformed, and if the memory cannot be allocated
   */
  createArena(floats: number, programs: readonly Int32Array[]): Arena;
}
