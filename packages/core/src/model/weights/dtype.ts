/** A number type of the format whose values can be read as float32. All are little-endian. */
interface Dtype {
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

const FLOAT32_INFINITY = 0x7f80_0000;
/** The bits of the least float32 that is beyond the largest half, 65504, once rounded: 65520. */
const BEYOND_HALF = 0x477f_f000;
/** The bits of the least normal half as float32: 2⁻¹⁴. */
const LEAST_NORMAL_HALF = 0x3880_0000;
/** The exponents' biases, 127 and 15, apart; at the place where a float32 has its exponent. */
const BIAS_DIFFERENCE = (127 - 15) << 23;

/** The integer nearest to a number of at least 0, of two the even one. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0);
}

const scratch = new DataView(new ArrayBuffer(4));

/**
 * The IEEE 754 binary16 bit pattern nearest to a number that float32 holds, of two the one whose last bit is 0. What is beyond
 * ±65504 once rounded becomes infinite; NaN stays NaN.
 */
export function numberToFloat16(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude > FLOAT32_INFINITY) return 0x7e00;
  if (magnitude >= BEYOND_HALF) return sign | 0x7c00;
  if (magnitude < LEAST_NORMAL_HALF) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  // 13 bits of the fraction go: half of what is left's last place is added, less a little where that place is 0.
  return sign | ((magnitude - BIAS_DIFFERENCE + 0xfff + ((magnitude >> 13) & 1)) >> 13);
}

/** A number type that files are written in. */
interface WritableDtype {
  /** Bytes of one value. */
  readonly size: number;
  /** Writes one value at an offset in bytes. */
  readonly write: (view: DataView, offset: number, value: number) => void;
}

/** The types that files are written in, by their name in the header; F16 rounds to the nearest half. */
export const WRITABLE_DTYPES = {
  F32: { size: 4, write: (view, offset, value) => view.setFloat32(offset, value, true) },
  F16: { size: 2, write: (view, offset, value) => view.setUint16(offset, numberToFloat16(value), true) },
} as const satisfies Readonly<Record<string, WritableDtype>>;

/** Name of a type that files are written in. */
export type WritableDtypeName = keyof typeof WRITABLE_DTYPES;
