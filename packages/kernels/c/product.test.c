// Products of random shapes against sums in double precision.
#include "test.h"

/** An element by its definition, without any of the product's code. */
static double element_of(const Operand *a, Index i, Index j) {
  if (a->kernel == 0) return a->data[i * a->row + j * a->column];
  const Index patch = a->transposed ? j : i, entry = a->transposed ? i : j;
  const Index channel = entry % a->channels, tap = entry / a->channels;
  const Index x = patch % a->out_width * a->stride + tap % a->kernel - a->pad_left;
  const Index y = patch / a->out_width % a->out_height * a->stride + tap / a->kernel - a->pad_top;
  const Index image = patch / (a->out_width * a->out_height);
  if (x < 0 || y < 0 || x >= a->width || y >= a->height) return 0;
  return a->data[((image * a->height + y) * a->width + x) * a->channels + channel];
}

/** A strided matrix: rows or columns along memory, or neither. */
static Operand random_strided(Index rows, Index columns) {
  const Index kind = random_between(0, 3), gap = random_between(0, 3);
  Operand a = {.row = columns + gap, .column = 1};
  if (kind == 1) a.row = 1, a.column = rows + gap;
  if (kind == 2) a.row = 2 * columns + gap, a.column = 2;
  a.data = random_floats((rows - 1) * a.row + (columns - 1) * a.column + 1);
  return a;
}

/** Patches of random images: their number and their size. */
static Operand random_patches(Index *patches, Index *elements) {
  Operand a = {.kernel = random_between(1, 4), .stride = random_between(1, 2), .channels = random_between(1, 9)};
  a.pad_top = random_between(0, 2), a.pad_left = random_between(0, 2);
  a.height = random_between(1, 9), a.width = random_between(1, 9);
  a.out_height = random_between(1, 7), a.out_width = random_between(1, 7);
  const Index images = random_between(1, 3);
  a.data = random_floats(images * a.height * a.width * a.channels);
  *patches = images * a.out_height * a.out_width;
  *elements = a.kernel * a.kernel * a.channels;
  return a;
}

static Index random_size(void) {
  static const Index odd[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 47, 48, 49, 64, 65, 97, 130};
  return odd[random_between(0, sizeof odd / sizeof odd[0] - 1)];
}

static double rounded(double value, int precision) {
  if (precision == NEM_FLOAT32) return value;
  // To bfloat16, ties to even; none of the numbers here is too small for it.
  union {
    float value;
    uint32_t bits;
  } u = {(float)value};
  u.bits = (u.bits + 0x7fff + (u.bits >> 16 & 1)) & 0xffff0000u;
  return u.value;
}

static double activated(int activation, double x) {
  switch (activation) {
    case SIGMOID: return 1 / (1 + exp(-x));
    case TANH: return tanh(x);
    case RELU: return x > 0 ? x : 0;
    case ELU: return x > 0 ? x : exp(x) - 1;
    default: return x;
  }
}

typedef struct {
  Index m, n, k;
  Operand a, b;
  Output c;
  Index c_floats;
  Epilogue epilogue;
  int precision;
} Case;

static Case random_case(int precision) {
  Case t = {.m = random_size(), .n = random_size(), .k = random_size(), .precision = precision};
  if (random_between(0, 7) == 0) t.k = random_between(200, 1700);
  if (random_between(0, 7) == 0) t.n = random_between(300, 700);
  if (random_between(0, 3) == 0) t.n = random_between(1, 5);
  const Index kind = random_between(0, 4);
  if (kind == 1) t.a = random_patches(&t.m, &t.k);
  else if (kind == 2) t.a = random_patches(&t.k, &t.m), t.a.transposed = 1;
  else t.a = random_strided(t.m, t.k);
  // One of the two may be patches: they say how long both are.
  if (kind == 3) {
    t.b = random_patches(&t.k, &t.n);
    free((void *)t.a.data);
    t.a = random_strided(t.m, t.k);
  } else {
    t.b = random_strided(t.k, t.n);
  }
  t.c.row = t.n + random_between(0, 2);
  t.c_floats = (t.m - 1) * t.c.row + t.n;
  t.epilogue.accumulate = (int)random_between(0, 1);
  t.epilogue.bias = random_between(0, 1) ? random_floats(t.n) : NULL;
  t.epilogue.activation = (int)random_between(LINEAR, ELU);
  return t;
}

/** What C must be after the product, with what stood in it before. */
static void check_case(const Case *t, const float *before, const char *what) {
  for (Index i = 0; i < t->m; i++) {
    const Index row = i * t->c.row;
    for (Index j = 0; j < t->n; j++) {
      double sum = t->epilogue.accumulate ? before[row + j] : 0, size = fabs(sum);
      for (Index p = 0; p < t->k; p++) {
        const double term = rounded(element_of(&t->a, i, p), t->precision) * rounded(element_of(&t->b, p, j), t->precision);
        sum += term;
        size += fabs(term);
      }
      if (t->epilogue.bias) sum += t->epilogue.bias[j];
      expect_near(what, t->c.data[row + j], activated(t->epilogue.activation, sum), 1e-6 * (size + 2));
    }
  }
}

static void test_product(int precision) {
  Case t = random_case(precision);
  float *before = random_floats(t.c_floats), *workspace = new_floats(workspace_floats());
  t.c.data = new_floats(t.c_floats);
  for (int once = 0; once < 2; once++) {
    __builtin_memcpy(t.c.data, before, (size_t)t.c_floats * sizeof(float));
    if (once) {
      product_once(t.m, t.n, t.k, &t.a, &t.b, &t.c, &t.epilogue, precision, workspace);
    } else {
      float *packed = new_floats(packed_floats(t.k, t.n, precision));
      pack(t.k, t.n, &t.b, precision, packed, workspace);
      product(t.m, t.n, t.k, &t.a, packed, &t.c, &t.epilogue, precision, workspace);
      free(packed);
    }
    check_case(&t, before, once ? "product_once" : "product");
  }
  free((void *)t.a.data), free((void *)t.b.data), free((void *)t.epilogue.bias);
  free(t.c.data), free(before), free(workspace);
}

/** Elementary functions over their range against the C library's: relative errors in units of 2⁻²⁴. */
static void test_elementary(void) {
  for (int i = 0; i < 5000; i++) {
    const float x = random_float() * 87, positive = expf(random_float() * 80);
    float lanes[WIDTH];
    store(lanes, exponential(splat(x)));
    expect_near("exponential", lanes[0] / exp(x), 1, 4 * 0x1p-24);
    store(lanes, logarithm(splat(positive)));
    expect_near("logarithm", lanes[0], log(positive), 3 * 0x1p-24 * fabs(log(positive)) + 1e-9);
    store(lanes, sigmoid(splat(x)));
    expect_near("sigmoid", lanes[0] * (1 + exp(-(double)x)), 1, 8 * 0x1p-24);
    store(lanes, hyperbolic_tangent(splat(x / 20)));
    expect_near("hyperbolic_tangent", lanes[0], tanh(x / 20), 6 * 0x1p-24);
  }
}

static void test_not_a_number(void) {
  float lanes[WIDTH];
  for (int i = 0; i < 3; i++) {
    const Vector x = splat(NAN);
    store(lanes, i == 0 ? exponential(x) : i == 1 ? logarithm(x) : activate(ELU, x));
    test_checks++;
    if (lanes[0] == lanes[0]) test_failures++, printf("NaN is lost in function %d\n", i);
  }
}

static void test_products(void) {
  test_elementary();
  test_not_a_number();
  for (int i = 0; i < 100; i++) test_product(NEM_FLOAT32);
#if defined(__AVX512BF16__) || TILES
  for (int i = 0; i < 100; i++) test_product(NEM_BFLOAT16);
#endif
}
