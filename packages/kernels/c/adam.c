// Adam (Kingma and Ba 2015), as core's adamUpdate: in double precision, operation by operation, so that it has the same bits.
#include "instructions.h"
#include "parts.h"

#define LANES (WIDTH / 2)

typedef double Doubles __attribute__((vector_size(8 * LANES)));
typedef float Singles __attribute__((vector_size(4 * LANES)));
typedef float LooseSingles __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

INLINE Doubles double_root(Doubles x) {
#if defined(__AVX512F__)
  return (Doubles)_mm512_sqrt_pd((__m512d)x);
#elif defined(__AVX2__)
  return (Doubles)_mm256_sqrt_pd((__m256d)x);
#elif defined(__aarch64__)
  return (Doubles)vsqrtq_f64((float64x2_t)x);
#else
  return (Doubles)wasm_f64x2_sqrt((v128_t)x);
#endif
}

/** What an update multiplies with, as it stands in the arena. */
typedef struct {
  double rate, correction, beta1, rest1, beta2, rest2, epsilon;
} AdamFactors;

INLINE Doubles to_doubles(const float *from) { return __builtin_convertvector(*(const LooseSingles *)from, Doubles); }

/** Stores them rounded; gives what was stored. */
INLINE Doubles store_singles(float *to, Doubles values) {
  const Singles rounded = __builtin_convertvector(values, Singles);
  *(LooseSingles *)to = rounded;
  return __builtin_convertvector(rounded, Doubles);
}

INLINE void update_lanes(const AdamFactors *f, const float *gradients, float *parameters, float *m, float *v) {
  const Doubles gradient = to_doubles(gradients);
  const Doubles first = store_singles(m, f->beta1 * to_doubles(m) + f->rest1 * gradient);
  const Doubles second = store_singles(v, f->beta2 * to_doubles(v) + f->rest2 * gradient * gradient);
  store_singles(parameters, to_doubles(parameters) - f->rate * first / (double_root(second * f->correction) + f->epsilon));
}

/** One update in place. */
static void run_adam(const Adam *o, float *arena) {
  AdamFactors factors;
  __builtin_memcpy(&factors, arena + o->factors, sizeof factors);
  const float *gradients = arena + o->gradients;
  float *parameters = arena + o->parameters, *m = arena + o->m, *v = arena + o->v;
  Index i = 0;
  for (; i + LANES <= o->count; i += LANES) update_lanes(&factors, gradients + i, parameters + i, m + i, v + i);
  if (i == o->count) return;
  // What is left goes through vectors of its own.
  float rest[4][LANES] = {{0}};
  float *from[4] = {arena + o->gradients + i, parameters + i, m + i, v + i};
  const Index left = o->count - i;
  for (int j = 0; j < 4; j++) {
    for (Index lane = 0; lane < left; lane++) rest[j][lane] = from[j][lane];
  }
  update_lanes(&factors, rest[0], rest[1], rest[2], rest[3]);
  for (int j = 1; j < 4; j++) {
    for (Index lane = 0; lane < left; lane++) from[j][lane] = rest[j][lane];
  }
}
