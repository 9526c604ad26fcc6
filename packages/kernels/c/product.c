#include "product.h"

static float element(const Operand *a, Index i, Index j) {
  if (a->kernel == 0) return a->data[i * a->row + j * a->column];
  if (a->transposed) {
    const Index swap = i;
    i = j;
    j = swap;
  }
  const Index channel = j % a->channels, tap = j / a->channels;
  const Index x = i % a->out_width * a->stride + tap % a->kernel - a->pad_left;
  const Index y = i / a->out_width % a->out_height * a->stride + tap / a->kernel - a->pad_top;
  const Index image = i / (a->out_width * a->out_height);
  if (x < 0 || y < 0 || x >= a->width || y >= a->height) return 0;
  return a->data[((image * a->height + y) * a->width + x) * a->row + channel];
}

static Index packed_floats(Index k, Index n, int precision) {
  (void)precision;
  return k * n;
}

static Index workspace_floats(void) { return 64; }

static void pack(Index k, Index n, const Operand *b, int precision, float *packed, float *workspace) {
  (void)precision, (void)workspace;
  for (Index i = 0; i < k; i++) {
    for (Index j = 0; j < n; j++) packed[i * n + j] = element(b, i, j);
  }
}

static void product_once(Index m, Index n, Index k, const Operand *a, const Operand *b, const Output *c, const Epilogue *epilogue,
                         int precision, float *workspace) {
  (void)precision, (void)workspace;
  for (Index i = 0; i < m; i++) {
    float *row = c->data + (c->inner ? i / c->inner * c->outer + i % c->inner * c->row : i * c->row);
    for (Index j = 0; j < n; j++) {
      float sum = epilogue->accumulate ? row[j] : 0;
      for (Index p = 0; p < k; p++) sum += element(a, i, p) * element(b, p, j);
      if (epilogue->bias) sum += epilogue->bias[j];
      store_part(row + j, activate(epilogue->activation, splat(sum)), 1);
    }
  }
}

static void product(Index m, Index n, Index k, const Operand *a, const float *packed_b, const Output *c, const Epilogue *epilogue,
                    int precision, float *workspace) {
  const Operand b = {.data = packed_b, .row = n, .column = 1};
  product_once(m, n, k, a, &b, c, epilogue, precision, workspace);
}
