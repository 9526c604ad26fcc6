// The activation of a layer without a norm, and its gradient.
#include "instructions.h"
#include "parts.h"

INLINE void apply_activation(int activation, const ApplyActivation *o, float *arena) {
  const float *z = arena + o->z;
  float *y = arena + o->y;
  for (Index i = 0; i < o->count; i += WIDTH) {
    const Index n = o->count - i;
    store_some(y + i, activate(activation, load_some(z + i, n)), n);
  }
}

/** y = activation(z). y may be z. */
static void run_apply_activation(const ApplyActivation *o, float *arena) {
  FOR_ACTIVATION(o->activation, apply_activation, o, arena)
}

INLINE void activation_gradient(int activation, const ActivationGradient *o, float *arena) {
  const float *dy = arena + o->dy, *y = arena + o->y, *added = arena + o->added;
  float *dz = arena + o->dz;
  for (Index i = 0; i < o->count; i += WIDTH) {
    const Index n = o->count - i;
    Vector gradient = load_some(dy + i, n);
    if (o->added != ABSENT) gradient = gradient + load_some(added + i, n);
    store_some(dz + i, gradient * slope(activation, load_some(y + i, n)), n);
  }
}

/** dz = (dy + added) activation′, the derivative from y. dz may be any of the others. */
static void run_activation_gradient(const ActivationGradient *o, float *arena) {
  FOR_ACTIVATION(o->activation, activation_gradient, o, arena)
}
