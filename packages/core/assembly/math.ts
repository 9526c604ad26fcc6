// Elementary functions of four floats at once, after Cephes (Moshier): within a few units in the last place. NaN stays NaN.

/** a b + c; one instruction where the binary is compiled for relaxed SIMD. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

@inline
function times(values: v128, factor: f32, plus: f32): v128 {
  return multiplyAdd(values, f32x4.splat(factor), f32x4.splat(plus));
}

@inline
function step(polynomial: v128, x: v128, coefficient: f32): v128 {
  return multiplyAdd(polynomial, x, f32x4.splat(coefficient));
}

/** e^x; the smallest and largest normal numbers beyond their logarithms. */
@inline
export function exp4(values: v128): v128 {
  let x = f32x4.min(f32x4.max(values, f32x4.splat(-87.336544)), f32x4.splat(88.37626));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  x = multiplyAdd(n, f32x4.splat(-0.693359375), x);
  x = multiplyAdd(n, f32x4.splat(2.12194440e-4), x);
  let y = times(x, 1.9875691500e-4, 1.3981999507e-3);
  y = step(y, x, 8.3334519073e-3);
  y = step(y, x, 4.1665795894e-2);
  y = step(y, x, 1.6666665459e-1);
  y = step(y, x, 5.0000001201e-1);
  y = f32x4.add(multiplyAdd(y, f32x4.mul(x, x), x), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

/** Natural logarithm of normal, positive x. */
@inline
export function log4(x: v128): v128 {
  let exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  const mantissa = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(mantissa, f32x4.splat(0.707106781));
  exponent = f32x4.sub(exponent, v128.and(small, f32x4.splat(1)));
  const m = f32x4.add(f32x4.sub(mantissa, f32x4.splat(1)), v128.and(small, mantissa));
  const square = f32x4.mul(m, m);
  let y = times(m, 7.0376836292e-2, -1.1514610310e-1);
  y = step(y, m, 1.1676998740e-1);
  y = step(y, m, -1.2420140846e-1);
  y = step(y, m, 1.4249322787e-1);
  y = step(y, m, -1.6668057665e-1);
  y = step(y, m, 2.0000714765e-1);
  y = step(y, m, -2.4999993993e-1);
  y = step(y, m, 3.3333331174e-1);
  y = f32x4.mul(y, f32x4.mul(m, square));
  y = multiplyAdd(exponent, f32x4.splat(-2.12194440e-4), y);
  y = multiplyAdd(square, f32x4.splat(-0.5), y);
  y = f32x4.add(m, y);
  y = multiplyAdd(exponent, f32x4.splat(0.693359375), y);
  // x − x is 0, or NaN for what is not finite: the bit patterns above would hide it.
  return f32x4.add(y, f32x4.sub(x, x));
}

@inline
function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

@inline
function tanh4(x: v128): v128 {
  const t = exp4(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
  const magnitude = f32x4.div(f32x4.sub(f32x4.splat(1), t), f32x4.add(f32x4.splat(1), t));
  return v128.or(magnitude, v128.and(x, i32x4.splat(0x80000000)));
}

// Activations by their place in src/ops/activation-names.ts.
const SIGMOID: i32 = 1;
const TANH: i32 = 2;
const RELU: i32 = 3;
const ELU: i32 = 4;

@inline
export function activate(activation: i32, x: v128): v128 {
  if (activation == RELU) return f32x4.max(x, f32x4.splat(0));
  if (activation == ELU) {
    const negative = f32x4.sub(exp4(f32x4.min(x, f32x4.splat(0))), f32x4.splat(1));
    return v128.bitselect(x, negative, f32x4.gt(x, f32x4.splat(0)));
  }
  if (activation == SIGMOID) return sigmoid4(x);
  if (activation == TANH) return tanh4(x);
  return x;
}

/** The activation's derivative as a function of its value y. */
@inline
export function slope(activation: i32, y: v128): v128 {
  const one = f32x4.splat(1);
  if (activation == RELU) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (activation == ELU) return f32x4.add(f32x4.min(y, f32x4.splat(0)), one);
  if (activation == SIGMOID) return f32x4.mul(y, f32x4.sub(one, y));
  if (activation == TANH) return f32x4.sub(one, f32x4.mul(y, y));
  return one;
}
