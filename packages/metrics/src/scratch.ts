/** The buffer itself where it is long enough, else a longer one with undefined contents. */
export function grownInt32(buffer: Int32Array, length: number): Int32Array {
  return buffer.length >= length ? buffer : new Int32Array(Math.max(length, 2 * buffer.length));
}

/** The buffer itself where it is long enough, else a longer one with undefined contents. */
export function grownFloat64(buffer: Float64Array, length: number): Float64Array {
  return buffer.length >= length ? buffer : new Float64Array(Math.max(length, 2 * buffer.length));
}
