// An enlargement by nearest neighbour and a convolution after it in one. A pixel of the small image reaches scale + kernel − 1 pixels
// of the result along each axis (its places), each through the sum of at most `scale` taps of the kernel.
#include "instructions.h"
#include "parts.h"

/** The taps that reach a place along one axis: from `first` to `end` − 1. */
typedef struct {
  Index first, end;
} Taps;

static Taps taps_of(const Fold *o, Index place) {
  const Index first = o->kernel - 1 - place, end = first + o->scale;
  return (Taps){first < 0 ? 0 : first, least(o->kernel, end)};
}

/** place [outputs, channels] += tap [channels, outputs], transposed. */
static void add_tap(const Fold *o, const float *tap, float *place) {
  for (Index out = 0; out < o->outputs; out++)
    for (Index c = 0; c < o->channels; c++) place[out * o->channels + c] += tap[c * o->outputs + out];
}

/** tap [channels, outputs] += place [outputs, channels], transposed. */
static void add_place(const Fold *o, const float *place, float *tap) {
  for (Index c = 0; c < o->channels; c++)
    for (Index out = 0; out < o->outputs; out++) tap[c * o->outputs + out] += place[out * o->channels + c];
}

/** Calls `add` with each tap and each place that it reaches. */
#define FOR_TAPS(o, weights, folded, add)                                                                             \
  const Index size = (Index)(o)->channels * (o)->outputs, reach = (o)->kernel + (o)->scale - 1;                       \
  for (Index y = 0; y < reach; y++)                                                                                   \
    for (Index x = 0; x < reach; x++) {                                                                               \
      const Taps rows = taps_of(o, y), columns = taps_of(o, x);                                                       \
      for (Index v = rows.first; v < rows.end; v++)                                                                   \
        for (Index u = columns.first; u < columns.end; u++)                                                           \
          add;                                                                                                        \
    }

/** folded [reach, reach, outputs, channels] from weights [kernel, kernel, channels, outputs]. */
static void run_fold(const Fold *o, float *arena) {
  const float *weights = arena + o->weights;
  float *folded = arena + o->folded;
  const Index places = (Index)(o->kernel + o->scale - 1) * (o->kernel + o->scale - 1);
  __builtin_memset(folded, 0, (size_t)(places * o->channels * o->outputs) * sizeof(float));
  FOR_TAPS(o, weights, folded, add_tap(o, weights + (v * o->kernel + u) * size, folded + (y * reach + x) * size))
}

/** The gradient of `weights` from that of `folded`: the transpose of `run_fold`. */
static void run_unfold(const Fold *o, float *arena) {
  const float *folded = arena + o->folded;
  float *weights = arena + o->weights;
  __builtin_memset(weights, 0, (size_t)((Index)o->kernel * o->kernel * o->channels * o->outputs) * sizeof(float));
  FOR_TAPS(o, weights, folded, add_place(o, folded + (y * reach + x) * size, weights + (v * o->kernel + u) * size))
}
