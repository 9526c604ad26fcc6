// Elementary functions of a vector, after Cephes (Moshier): within a few units in the last place. NaN stays NaN.
#ifndef NEM_ELEMENTARY_H
#define NEM_ELEMENTARY_H

#include "vector.h"

/** The nearest integer of |x| < 2^22, ties to even. */
INLINE Vector nearest(Vector x) {
  const Vector magic = splat(12582912.0f);
  return (x + magic) - magic;
}

INLINE Integers truncate(Vector x) { return __builtin_convertvector(x, Integers); }

INLINE Vector to_floats(Integers x) { return __builtin_convertvector(x, Vector); }

/** e^x; the smallest and largest normal numbers beyond their logarithms. */
INLINE Vector exponential(Vector values) {
  // NaN goes through both comparisons: they give the second operand.
  Vector x = smaller(splat(88.37626f), larger(splat(-87.336544f), values));
  const Vector n = nearest(x * 1.44269504f);
  x = multiply_add(n, splat(-0.693359375f), x);
  x = multiply_add(n, splat(2.12194440e-4f), x);
  Vector y = multiply_add(x, splat(1.9875691500e-4f), splat(1.3981999507e-3f));
  y = multiply_add(y, x, splat(8.3334519073e-3f));
  y = multiply_add(y, x, splat(4.1665795894e-2f));
  y = multiply_add(y, x, splat(1.6666665459e-1f));
  y = multiply_add(y, x, splat(5.0000001201e-1f));
  y = multiply_add(y, x * x, x) + 1.0f;
  // The conversion of a NaN to an integer is undefined: any power will do, as y is NaN.
  const Integers whole = truncate(choose(n == n, n, splat(0.0f)));
  return y * (Vector)((whole + 127) << 23);
}

/** The natural logarithm of normal, positive x; NaN for NaN and infinity. */
INLINE Vector logarithm(Vector x) {
  const Integers bits = (Integers)x;
  Vector exponent = to_floats((bits >> 23) - 126);
  const Vector mantissa = (Vector)((bits & 0x007fffff) | 0x3f000000);
  const Integers small = mantissa < 0.707106781f;
  exponent -= (Vector)(small & (Integers)splat(1.0f));
  const Vector m = (mantissa - 1.0f) + (Vector)(small & (Integers)mantissa);
  const Vector square = m * m;
  Vector y = multiply_add(m, splat(7.0376836292e-2f), splat(-1.1514610310e-1f));
  y = multiply_add(y, m, splat(1.1676998740e-1f));
  y = multiply_add(y, m, splat(-1.2420140846e-1f));
  y = multiply_add(y, m, splat(1.4249322787e-1f));
  y = multiply_add(y, m, splat(-1.6668057665e-1f));
  y = multiply_add(y, m, splat(2.0000714765e-1f));
  y = multiply_add(y, m, splat(-2.4999993993e-1f));
  y = multiply_add(y, m, splat(3.3333331174e-1f));
  y = y * (m * square);
  y = multiply_add(exponent, splat(-2.12194440e-4f), y);
  y = multiply_add(square, splat(-0.5f), y);
  y = m + y;
  y = multiply_add(exponent, splat(0.693359375f), y);
  // x − x is 0, or NaN for what is not finite: the bit patterns above would hide it.
  return y + (x - x);
}

INLINE Vector sigmoid(Vector x) { return 1.0f / (1.0f + exponential(-x)); }

INLINE Vector hyperbolic_tangent(Vector x) {
  const Vector t = exponential(absolute(x) * -2.0f);
  const Vector magnitude = (1.0f - t) / (1.0f + t);
  return (Vector)((Integers)magnitude | ((Integers)x & INT32_MIN));
}

// Activations by their place in core's table of activations.
enum { LINEAR = 0, SIGMOID = 1, TANH = 2, RELU = 3, ELU = 4 };

INLINE Vector activate(int activation, Vector x) {
  switch (activation) {
    case SIGMOID: return sigmoid(x);
    case TANH: return hyperbolic_tangent(x);
    case RELU: return larger(splat(0.0f), x);
    case ELU: return choose(x > 0.0f, x, exponential(smaller(splat(0.0f), x)) - 1.0f);
    default: return x;
  }
}

/** The activation's derivative as a function of its value y. */
INLINE Vector slope(int activation, Vector y) {
  switch (activation) {
    case SIGMOID: return y * (1.0f - y);
    case TANH: return 1.0f - y * y;
    case RELU: return (Vector)((Integers)(y > 0.0f) & (Integers)splat(1.0f));
    case ELU: return smaller(splat(0.0f), y) + 1.0f;
    default: return splat(1.0f);
  }
}

#endif
