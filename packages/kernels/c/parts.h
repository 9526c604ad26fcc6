// Rows that are no whole number of vectors.
#ifndef NEM_PARTS_H
#define NEM_PARTS_H

#include "elementary.h"

INLINE Index least(Index a, Index b) { return a < b ? a : b; }

/** The first `count` floats, 1 or more, a vector at most. */
INLINE Vector load_some(const float *from, Index count) { return count >= WIDTH ? load(from) : load_part(from, count); }

/** Stores the first `count` floats, 1 or more, a vector at most. */
INLINE void store_some(float *to, Vector values, Index count) {
  if (count >= WIDTH) {
    store(to, values);
  } else {
    store_part(to, values, count);
  }
}

/** `values` in the first `count` lanes, 1 or more, and 0 in the others. */
INLINE Vector keep_some(Vector values, Index count) {
  if (count >= WIDTH) return values;
  float lanes[WIDTH];
  store(lanes, values);
  return load_part(lanes, count);
}

/**
 * A walk over a row whose last axis holds the channels, in parts of at most a vector that never go beyond the last channel.
 * `i`: the part's place in the row; `c`: its first channel; `n`: its length.
 */
#define FOR_PARTS(i, c, n, length, channels)                                                 \
  for (Index i = 0, c = 0, n = least(WIDTH, channels); i < (length);                          \
       i += n, c = c + n == (channels) ? 0 : c + n, n = least(WIDTH, (channels) - c))

/** Calls `body` with the activation as a constant, so that its loops have no choice inside. */
#define FOR_ACTIVATION(activation, body, ...)         \
  switch (activation) {                               \
    case SIGMOID: body(SIGMOID, __VA_ARGS__); break;  \
    case TANH: body(TANH, __VA_ARGS__); break;        \
    case RELU: body(RELU, __VA_ARGS__); break;        \
    case ELU: body(ELU, __VA_ARGS__); break;          \
    default: body(LINEAR, __VA_ARGS__); break;        \
  }

#endif
