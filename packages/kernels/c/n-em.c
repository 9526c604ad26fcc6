// N-EM's step on θ and its gradient (method, section 1).
#include "instructions.h"
#include "parts.h"

/** next = θ + η s(1 − s) ascent with s = sigmoid(θ); squashed = sigmoid(next). */
static void run_nem_update(const NemUpdate *o, float *arena) {
  const float *theta = arena + o->theta, *ascent = arena + o->ascent;
  float *next = arena + o->next, *squashed = arena + o->squashed;
  const Vector step = splat(arena[o->step]);
  for (Index i = 0; i < o->count; i += WIDTH) {
    const Index n = o->count - i;
    const Vector before = load_some(theta + i, n);
    const Vector rate = slope(SIGMOID, sigmoid(before)) * step;
    const Vector after = multiply_add(rate, load_some(ascent + i, n), before);
    store_some(next + i, after, n);
    store_some(squashed + i, sigmoid(after), n);
  }
}

/**
 * From `decoded`, the gradient with respect to `squashed`, and where there is a next step `carried`, that with respect to θ after
 * this step: `carried` becomes that with respect to θ before it, `ascent` its own gradient, and η's is added to `step_sum`.
 */
static void run_nem_update_gradient(const NemUpdateGradient *o, float *arena) {
  const float *decoded = arena + o->decoded, *theta = arena + o->theta, *squashed = arena + o->squashed;
  float *ascent = arena + o->ascent, *carried = arena + o->carried;
  const Vector step = splat(arena[o->step]);
  Vector sum = splat(0);
  for (Index i = 0; i < o->count; i += WIDTH) {
    const Index n = o->count - i;
    Vector gradient = load_some(decoded + i, n) * slope(SIGMOID, load_some(squashed + i, n));
    if (o->has_next) gradient = gradient + load_some(carried + i, n);
    const Vector s = sigmoid(load_some(theta + i, n)), rate = slope(SIGMOID, s), up = load_some(ascent + i, n);
    sum = multiply_add(gradient * rate, up, sum);
    store_some(ascent + i, gradient * rate * step, n);
    const Vector curvature = rate * (1.0f - 2.0f * s);
    store_some(carried + i, multiply_add(gradient * up * step, curvature, gradient), n);
  }
  arena[o->step_sum] += sum_lanes(sum);
}
