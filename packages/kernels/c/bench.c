// Times products of given shapes: `bench [seconds per shape]`. Compiled with one variant, as variant.c is.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "variant.c"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *floats(Index count) {
  float *data = aligned_alloc(1 << 21, (size_t)(count * 4 + (1 << 21) - 1) & ~(size_t)((1 << 21) - 1));
  for (Index i = 0; i < count; i++) data[i] = (float)((i * 7919) % 257) / 257 - 0.5f;
  return data;
}

typedef struct {
  const char *name;
  Index m, k, n;
  /** 0: A is strided; 1: A is transposed, and B is packed inside; 2: patches of 28 × 28 × 64. */
  int kind;
} Shape;

static const Shape shapes[] = {
    {"192 x 3136 x 512", 192, 3136, 512, 0},   {"256 x 1034 x 250", 256, 1034, 250, 0},
    {"3840 x 512 x 3136", 3840, 512, 3136, 0}, {"256 x 784 x 250", 256, 784, 250, 0},
    {"3136 x 3840 x 512, A^T", 3136, 3840, 512, 1}, {"784 x 5120 x 250, A^T", 784, 5120, 250, 1},
    {"patches 4x4, stride 2, 64 -> 128", 16 * 196, 1024, 128, 2},
    {"patches 4x4, stride 2, 64 -> 4", 16 * 196, 1024, 4, 2},
    {"250 x 55296 x 4, A^T", 250, 55296, 4, 1},
    {"3840 x 512 x 1", 3840, 512, 1, 0},
};

/** The multiply-adds of all lanes and registers at once, without memory: the ceiling. */
static double ceiling(double seconds) {
  Vector sums[12];
  volatile float seed = 0.999f;
  const Vector x = splat(seed);
  for (int i = 0; i < 12; i++) sums[i] = splat((float)i);
  double best = 0;
  for (const double start = now(); now() - start < seconds;) {
    const double from = now();
    for (int n = 0; n < 100000; n++) {
#pragma GCC unroll 12
      for (int i = 0; i < 12; i++) sums[i] = multiply_add(sums[i], x, x);
    }
    const double rate = 100000.0 * 12 * WIDTH * 2 / (now() - from);
    if (rate > best) best = rate;
  }
  volatile float sink = 0;
  for (int i = 0; i < 12; i++) sink += sum_lanes(sums[i]);
  return best;
}

static double best_rate(const Shape *shape, int precision, double seconds) {
  const Index m = shape->m, n = shape->n, k = shape->k;
  Operand a = {.data = floats(m * k + 1000000), .row = k, .column = 1};
  if (shape->kind == 1) a.row = 1, a.column = m;
  if (shape->kind == 2) {
    a = (Operand){a.data, 64, 0, 4, 2, 1, 1, 28, 28, 64, 14, 14, 0};
  }
  const Operand b = {.data = floats(k * n), .row = n, .column = 1};
  const Output c = {.data = floats(m * n), .row = n};
  const Epilogue epilogue = {.accumulate = 0};
  float *packed = floats(packed_floats(k, n, precision)), *workspace = floats(workspace_floats());
  pack(k, n, &b, precision, packed, workspace);
  double best = 1e9;
  int runs = 0;
  for (const double start = now(); now() - start < seconds || runs < 3; runs++) {
    const double from = now();
    if (shape->kind == 1) product_once(m, n, k, &a, &b, &c, &epilogue, precision, workspace);
    else product(m, n, k, &a, packed, &c, &epilogue, precision, workspace);
    const double took = now() - from;
    if (took < best) best = took;
  }
  free((void *)a.data), free((void *)b.data), free(c.data), free(packed), free(workspace);
  return 2.0 * (double)m * (double)n * (double)k / best;
}

int main(int count, char **arguments) {
  const double seconds = count > 1 ? atof(arguments[1]) : 1;
  printf("%-36s %7.1f GFLOP/s\n", "multiply-adds without memory", ceiling(seconds) / 1e9);
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    printf("%-36s %7.1f", shapes[i].name, best_rate(&shapes[i], NEM_FLOAT32, seconds) / 1e9);
#if defined(__AVX512BF16__)
    printf("  bfloat16 %7.1f", best_rate(&shapes[i], NEM_BFLOAT16, seconds) / 1e9);
#endif
    printf("\n");
  }
  return 0;
}
