// Adam (Kingma and Ba 2015), as core's adamUpdate.
#include "instructions.h"
#include "parts.h"

/** One update in place. `rates`: the learning rate divided by 1 − β₁ⁿ, and 1 / (1 − β₂ⁿ), of update n. */
static void run_adam(const Adam *o, float *arena) {
  const float *gradients = arena + o->gradients;
  float *parameters = arena + o->parameters, *m = arena + o->m, *v = arena + o->v;
  const Vector rate = splat(arena[o->rates]), correction = splat(arena[o->rates + 1]);
  for (Index i = 0; i < o->count; i += WIDTH) {
    const Index n = o->count - i;
    const Vector gradient = load_some(gradients + i, n);
    const Vector first = multiply_add(splat(o->rest1), gradient, load_some(m + i, n) * o->beta1);
    const Vector second = multiply_add(gradient * o->rest2, gradient, load_some(v + i, n) * o->beta2);
    const Vector divisor = square_root(second * correction) + o->epsilon;
    store_some(m + i, first, n);
    store_some(v + i, second, n);
    store_some(parameters + i, load_some(parameters + i, n) - rate * first / divisor, n);
  }
}
