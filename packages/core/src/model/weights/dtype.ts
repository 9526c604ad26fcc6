/** A number type of the format whose values can be read as float32. All are little-endian. */
export interface Dtype {
  /** Bytes of one value. */
  readonly size: number;
  /** Reads `count` values from `offset` (in bytes). The caller has checked that they are inside the view. */
  readonly read: (view: DataView, offset: number, count: number) => Float32Array;
}

/** A reader of `count` values of `size` bytes from a reader of one. */
function each(size: number, readOne: (view: DataView, offset: number) => number): Dtype {
  return {
    size,
    read(view, offset, count) {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = readOne(view, offset + i * size);
      return values;
    },
  };
}

/** The number of an IEEE 754 binary16 bit pattern: 1 sign bit, 5 exponent bits, 10 bits of fraction. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
const bfloat16: Dtype = {
  size: 2,
  read(view, offset, count) {
    const bits = new Uint32Array(count);
    for (let i = 0; i < count; i++) bits[i] = view.getUint16(offset + 2 * i, true) << 16;
    return new Float32Array(bits.buffer);
  },
};

/** The readable types by their name in the header. F64 is rounded to the nearest float32; the others are exact. */
export const DTYPES: ReadonlyMap<string, Dtype> = new Map([
  ['F64', each(8, (view, offset) => view.getFloat64(offset, true))],
  ['F32', each(4, (view, offset) => view.getFloat32(offset, true))],
  ['F16', each(2, (view, offset) => float16ToNumber(view.getUint16(offset, true)))],
  ['BF16', bfloat16],
]);
