// Each row to mean 0 and variance 1, without parameters and without an epsilon (method, section 4: the input's norm).
#include "instructions.h"
#include "moments.h"

/** y and its scale, 1 / deviation, from x. */
static void run_standardize(const Standardize *o, float *arena) {
  for (Index row = 0; row < o->rows; row++) {
    const float *x = arena + o->x + row * o->length;
    float *y = arena + o->y + row * o->length;
    const Moments moments = moments_of(o->length, x, 0);
    arena[o->scale + row] = moments.scale;
    const Vector mean = splat(moments.mean), scale = splat(moments.scale);
    for (Index i = 0; i < o->length; i += WIDTH)
      store_some(y + i, (load_some(x + i, o->length - i) - mean) * scale, o->length - i);
  }
}

/** The gradient with respect to x over dy. */
static void run_standardize_gradient(const StandardizeGradient *o, float *arena) {
  for (Index row = 0; row < o->rows; row++) {
    const float *y = arena + o->y + row * o->length;
    float *dy = arena + o->dy + row * o->length;
    Vector total = splat(0), projection = splat(0);
    for (Index i = 0; i < o->length; i += WIDTH) {
      const Vector gradient = load_some(dy + i, o->length - i);
      total = total + gradient;
      projection = multiply_add(gradient, load_some(y + i, o->length - i), projection);
    }
    const Vector mean = splat(sum_lanes(total) / (float)o->length);
    const Vector along = splat(-sum_lanes(projection) / (float)o->length);
    const Vector scale = splat(arena[o->scale + row]);
    for (Index i = 0; i < o->length; i += WIDTH) {
      const Vector centred = load_some(dy + i, o->length - i) - mean;
      store_some(dy + i, multiply_add(load_some(y + i, o->length - i), along, centred) * scale, o->length - i);
    }
  }
}
