#include "instructions.h"
#include "parts.h"

static void run_fill(const Fill *o, float *arena) {
  float *out = arena + o->out;
  const Vector values = splat(o->value);
  for (Index i = 0; i < o->count; i += WIDTH) store_some(out + i, values, o->count - i);
}

static void run_copy(const Copy *o, float *arena) {
  __builtin_memmove(arena + o->out, arena + o->x, (size_t)o->count * sizeof(float));
}
