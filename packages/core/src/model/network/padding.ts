/** TensorFlow's SAME padding of one axis: [before, after]. */
export function samePadding(size: number, kernel: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** Which taps of a kernel meet which pixels of the small image, along one axis, for one phase of the outputs. */
export interface Phase {
  /** Small pixels before the output's own. */
  readonly before: number;
  /** Row-major [small taps, kernel taps], 1 where the kernel's tap falls on the small tap. */
  readonly taps: Float32Array;
  /** Number of the small pixels that are met. */
  readonly size: number;
}

/**
 * A nearest-neighbour enlargement followed by a convolution, without the enlarged image: outputs with the same position
 * modulo `scale` (a phase) see the small image through one smaller kernel, whose taps are sums of the original's.
 */
export function phases(kernel: number, scale: number): Phase[] {
  // SAME padding at stride 1 does not depend on the size.
  const [before] = samePadding(kernel, kernel, 1);
  return Array.from({ length: scale }, (_, phase) => {
    const pixel = (tap: number) => Math.floor((phase + tap - before) / scale);
    const first = pixel(0);
    const last = pixel(kernel - 1);
    const size = last - first + 1;
    const taps = new Float32Array(size * kernel);
    for (let tap = 0; tap < kernel; tap++) taps[(pixel(tap) - first) * kernel + tap] = 1;
    return { before: 0 - first, taps, size };
  });
}
