// Mean and deviation of a row.
#ifndef NEM_MOMENTS_H
#define NEM_MOMENTS_H

#include "parts.h"

typedef struct {
  float mean;
  /** 1 / √(variance + epsilon). */
  float scale;
} Moments;

INLINE float mean_of(Index length, const float *x) {
  Vector first = splat(0), second = splat(0);
  Index i = 0;
  for (; i + 2 * WIDTH <= length; i += 2 * WIDTH) {
    first = first + load(x + i);
    second = second + load(x + i + WIDTH);
  }
  for (; i < length; i += WIDTH) first = first + load_some(x + i, length - i);
  return sum_lanes(first + second) / (float)length;
}

INLINE float variance_of(Index length, const float *x, float mean) {
  const Vector middle = splat(mean);
  Vector first = splat(0), second = splat(0);
  Index i = 0;
  for (; i + 2 * WIDTH <= length; i += 2 * WIDTH) {
    const Vector a = load(x + i) - middle, b = load(x + i + WIDTH) - middle;
    first = multiply_add(a, a, first);
    second = multiply_add(b, b, second);
  }
  for (; i < length; i += WIDTH) {
    const Vector a = keep_some(load_some(x + i, length - i) - middle, length - i);
    first = multiply_add(a, a, first);
  }
  return sum_lanes(first + second) / (float)length;
}

INLINE Moments moments_of(Index length, const float *x, float epsilon) {
  const float mean = mean_of(length, x);
  return (Moments){mean, 1 / __builtin_sqrtf(variance_of(length, x, mean) + epsilon)};
}

#endif
