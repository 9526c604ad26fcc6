// Sums over the rows of a matrix.
#include "instructions.h"
#include "parts.h"

/** out[0] += the sum of all. */
static void sum_all(Index count, const float *x, float *out) {
  double sum = 0;
  // In pieces, so that small numbers do not get lost in a large sum.
  for (Index from = 0; from < count; from += 4096) {
    Vector part = splat(0);
    const Index end = least(count, from + 4096);
    for (Index i = from; i < end; i += WIDTH) part = part + load_some(x + i, end - i);
    sum += sum_lanes(part);
  }
  out[0] += (float)sum;
}

/** out [columns] += the sums of the columns of x [rows, columns]. */
static void run_column_sums(const ColumnSums *o, float *arena) {
  const float *x = arena + o->x;
  float *out = arena + o->out;
  if (o->columns == 1) {
    sum_all(o->rows, x, out);
    return;
  }
  for (Index row = 0; row < o->rows; row++, x += o->columns)
    for (Index c = 0; c < o->columns; c += WIDTH) {
      const Index n = o->columns - c;
      store_some(out + c, load_some(out + c, n) + load_some(x + c, n), n);
    }
}
