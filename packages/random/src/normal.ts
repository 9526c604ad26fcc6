/** A double and its two 32-bit words, to take exponents and mantissas apart. */
const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
/** 1 where the machine stores the high word of a double second (every machine that JavaScript runs on today). */
const HIGH = (() => {
  double[0] = 1;
  return words[1] === 0 ? 0 : 1;
})();

/** artanh(s) / s as a polynomial in s²: 1/21, 1/19 … 1. */
const ARTANH = Float64Array.from({ length: 11 }, (_, i) => 1 / (21 - 2 * i));

/** Horner's rule; coefficients from the highest power to the constant. */
function horner(coefficients: Float64Array, x: number): number {
  let value = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) value = value * x + coefficients[i]!;
  return value;
}

/**
 * Natural logarithm of a positive, normal `x`, with a relative error below 1e-15. Only operations that IEEE 754 rounds
 * exactly are used, because the last bits of Math.log differ between JavaScript engines and the same key must give the
 * same numbers on all of them.
 */
export function exactLog(x: number): number {
  double[0] = x;
  let exponent = (words[HIGH]! >>> 20) - 1023;
  words[HIGH] = (words[HIGH]! & 0xfffff) | 0x3ff00000;
  let mantissa = double[0]!;
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  // log m = 2 artanh(s) with s = (m − 1)/(m + 1), |s| < 0.172: eleven terms reach double precision.
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const sum = horner(ARTANH, z);
  return exponent * Math.LN2 + 2 * s * sum;
}

/** Coefficients of a polynomial, from the highest power. */
type Coefficients = readonly number[];

/**
 * Giles (2012), "Approximating the erfinv function", single precision: with w = −log(1 − u²), erfinv(u) / u is the polynomial `centre` of w − 2.5
 * where w < 5, and `tail` of √w − 3 elsewhere. For those who compute normals elsewhere, as in a shader.
 */
export const ERFINV_COEFFICIENTS: { readonly centre: Coefficients; readonly tail: Coefficients } = {
  centre: [
    2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
  ],
  tail: [
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
  ],
};
const CENTRE = Float64Array.from(ERFINV_COEFFICIENTS.centre);
const TAIL = Float64Array.from(ERFINV_COEFFICIENTS.tail);

/**
 * The standard normal whose cumulative probability is that of a 32-bit word: √2 · erfinv(2 (word + ½)/2³² − 1), relative
 * error of erfinv below 3e-7, so that float32 arithmetic in a shader gives the same within rounding.
 */
export function normalFromWord(word: number): number {
  const u = ((word >>> 0) + 0.5) * 4.656612873077393e-10 - 1;
  const w = -exactLog((1 - u) * (1 + u));
  const erfinv = w < 5 ? horner(CENTRE, w - 2.5) * u : horner(TAIL, Math.sqrt(w) - 3) * u;
  return Math.SQRT2 * erfinv;
}
