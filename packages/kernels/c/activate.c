// The activation of a layer without a norm, and its gradient.
#include "instructions.h"
#include "parts.h"

INLINE void bias_activation(int activation, const BiasActivation *o, float *arena) {
  const float *z = arena + o->z, *bias = arena + o->bias;
  float *y = arena + o->y;
  const Index channels = o->channels, length = o->rows * channels;
  if (channels == 1) {
    // Rows of one channel make whole vectors.
    const Vector one = splat(o->bias == ABSENT ? 0 : bias[0]);
    for (Index i = 0; i < length; i += WIDTH)
      store_some(y + i, activate(activation, load_some(z + i, length - i) + one), length - i);
    return;
  }
  FOR_PARTS(i, c, n, length, channels) {
    Vector value = load_some(z + i, n);
    if (o->bias != ABSENT) value = value + load_some(bias + c, n);
    store_some(y + i, activate(activation, value), n);
  }
}

/** y = activation(z + bias), [rows, channels]. y may be z. */
static void run_bias_activation(const BiasActivation *o, float *arena) {
  FOR_ACTIVATION(o->activation, bias_activation, o, arena)
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
