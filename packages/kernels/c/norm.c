// Layer norm with the activation after it (method, section 4). A row is a sample: it is normalised over all its axes; gain and offset
// are by channel, which is the last axis. Each pass over a row finds it in the first-level cache.
#include "instructions.h"
#include "moments.h"

/** hidden = activation(z), which the recurrent layer wants beside its output. */
INLINE void write_hidden(int activation, const NormForward *o, float *arena, const float *z, Index row) {
  if (o->hidden == ABSENT) return;
  float *hidden = arena + o->hidden + row * o->length;
  for (Index i = 0; i < o->length; i += WIDTH)
    store_some(hidden + i, activate(activation, load_some(z + i, o->length - i)), o->length - i);
}

INLINE void norm_forward(int activation, const NormForward *o, float *arena) {
  const float *gain = arena + o->gain, *offset = arena + o->offset;
  const Index length = o->length;
  for (Index row = 0; row < o->rows; row++) {
    const float *z = arena + o->z + row * length;
    float *normalized = arena + o->normalized + row * length, *y = arena + o->y + row * length;
    write_hidden(activation, o, arena, z, row);
    const Moments moments = moments_of(length, z, o->epsilon);
    if (o->scale != ABSENT) arena[o->scale + row] = moments.scale;
    const Vector mean = splat(moments.mean), scale = splat(moments.scale);
    FOR_PARTS(i, c, n, length, o->channels) {
      const Vector value = (load_some(z + i, n) - mean) * scale;
      if (o->normalized != ABSENT) store_some(normalized + i, value, n);
      if (o->y == ABSENT) continue;
      const Vector affine = multiply_add(value, load_some(gain + c, n), load_some(offset + c, n));
      store_some(y + i, activate(activation, affine), n);
    }
  }
}

/** normalized, scale and y = activation(normalized · gain + offset) from z; hidden = activation(z). Normalized and y may be z. */
static void run_norm_forward(const NormForward *o, float *arena) {
  FOR_ACTIVATION(o->activation, norm_forward, o, arena)
}

INLINE void norm_output(int activation, const NormOutput *o, float *arena) {
  const float *gain = arena + o->gain, *offset = arena + o->offset;
  for (Index row = 0; row < o->rows; row++) {
    const float *normalized = arena + o->normalized + row * o->length;
    float *y = arena + o->y + row * o->length;
    FOR_PARTS(i, c, n, o->length, o->channels) {
      const Vector affine =
          multiply_add(load_some(normalized + i, n), load_some(gain + c, n), load_some(offset + c, n));
      store_some(y + i, activate(activation, affine), n);
    }
  }
}

/** y once more from the normalised rows: in place of keeping it. */
static void run_norm_output(const NormOutput *o, float *arena) {
  FOR_ACTIVATION(o->activation, norm_output, o, arena)
}

/** What a row's gradient has in common: sums over the row. */
typedef struct {
  Vector total, projection;
} RowSums;

/** The gradient with respect to the normalised row, over dy; adds those of gain and offset to their sums. */
INLINE RowSums through_gain(int activation, const NormBackward *o, float *arena, Index row) {
  float *dy = arena + o->dy + row * o->length;
  const float *y = arena + o->y + row * o->length, *normalized = arena + o->normalized + row * o->length;
  RowSums sums = {splat(0), splat(0)};
  for (Index c = 0; c < o->channels; c += WIDTH) {
    const Index n = o->channels - c;
    const Vector gain = load_some(arena + o->gain + c, n);
    Vector gains = load_some(arena + o->gain_sum + c, n), offsets = load_some(arena + o->offset_sum + c, n);
    for (Index i = c; i < o->length; i += o->channels) {
      const Vector value = load_some(normalized + i, n);
      const Vector before = load_some(dy + i, n) * slope(activation, load_some(y + i, n));
      gains = multiply_add(before, value, gains);
      offsets = offsets + before;
      const Vector gradient = before * gain;
      store_some(dy + i, gradient, n);
      sums.total = sums.total + gradient;
      sums.projection = multiply_add(gradient, value, sums.projection);
    }
    store_some(arena + o->gain_sum + c, gains, n);
    store_some(arena + o->offset_sum + c, offsets, n);
  }
  return sums;
}

/** dz over the normalised row; adds it to the bias's sum. */
INLINE void through_norm(int activation, const NormBackward *o, float *arena, Index row, RowSums sums) {
  const float *gradient = arena + o->dy + row * o->length, *hidden = arena + o->hidden + row * o->length;
  const float *hidden_gradient = arena + o->hidden_gradient + row * o->length;
  float *dz = arena + o->normalized + row * o->length;
  const Vector mean = splat(sum_lanes(sums.total) / (float)o->length);
  const Vector along = splat(-sum_lanes(sums.projection) / (float)o->length);
  const Vector scale = splat(arena[o->scale + row]);
  for (Index c = 0; c < o->channels; c += WIDTH) {
    const Index n = o->channels - c;
    Vector biases = load_some(arena + o->bias_sum + c, n);
    for (Index i = c; i < o->length; i += o->channels) {
      Vector value = multiply_add(load_some(dz + i, n), along, load_some(gradient + i, n) - mean) * scale;
      if (o->hidden_gradient != ABSENT && o->hidden != ABSENT)
        value = multiply_add(load_some(hidden_gradient + i, n), slope(activation, load_some(hidden + i, n)), value);
      store_some(dz + i, value, n);
      biases = biases + value;
    }
    store_some(arena + o->bias_sum + c, biases, n);
  }
}

INLINE void norm_backward(int activation, const NormBackward *o, float *arena) {
  for (Index row = 0; row < o->rows; row++)
    through_norm(activation, o, arena, row, through_gain(activation, o, arena, row));
}

/**
 * dz over `normalized`, from dy, which is overwritten. Adds the gradients of gain, offset and bias to their sums. For the
 * recurrent layer, the gradient through the new h is added to dz.
 */
static void run_norm_backward(const NormBackward *o, float *arena) {
  FOR_ACTIVATION(o->activation, norm_backward, o, arena)
}
