/** All runs of one kernel of one size in one training step. */
export interface KernelProfile {
  readonly kernel: string;
  /** Its size and form: of a product its sizes, of others the bytes of a run, and on a GPU its workgroups. */
  readonly detail: string;
  readonly launches: number;
  /** Time on the device that computes. */
  readonly milliseconds: number;
  /** Multiplications and additions of its matrix products; element-wise work is not counted. */
  readonly operations: number;
  /** Bytes that it reads and writes, each element counted once a run: what it must move at least. */
  readonly bytes: number;
}

/** Sums of the runs of each kernel and size, the longest first. */
export function sumByKernel(runs: readonly Omit<KernelProfile, 'launches'>[]): KernelProfile[] {
  const sums = new Map<string, KernelProfile>();
  for (const { kernel, detail, milliseconds, operations, bytes } of runs) {
    const key = JSON.stringify([kernel, detail]);
    const sum = sums.get(key) ?? { launches: 0, milliseconds: 0, operations: 0, bytes: 0 };
    sums.set(key, {
      kernel,
      detail,
      launches: sum.launches + 1,
      milliseconds: sum.milliseconds + milliseconds,
      operations: sum.operations + operations,
      bytes: sum.bytes + bytes,
    });
  }
  return [...sums.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
