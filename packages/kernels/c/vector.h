// Vectors of WIDTH floats, by the compiler's vector extensions. The width and the multiply-add are all that differs between the
// instruction sets; nothing is contracted or reordered by the compiler, so that a variant gives the same bits whoever compiles it.
#ifndef NEM_VECTOR_H
#define NEM_VECTOR_H

#include <stdint.h>

#include "kernels.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#define WIDTH 16
#elif defined(__AVX2__)
#include <immintrin.h>
#define WIDTH 8
#elif defined(__aarch64__)
#include <arm_neon.h>
#define WIDTH 4
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define WIDTH 4
#else
#error "The kernels need AVX2, NEON or WebAssembly SIMD."
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float Vector __attribute__((vector_size(4 * WIDTH)));
typedef int32_t Integers __attribute__((vector_size(4 * WIDTH)));
typedef float LooseVector __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

INLINE Vector load(const float *from) { return *(const LooseVector *)from; }

INLINE void store(float *to, Vector values) { *(LooseVector *)to = values; }

/** The same value in all lanes. */
INLINE Vector splat(float value) {
#if defined(__AVX512F__)
  return (Vector)_mm512_set1_ps(value);
#elif defined(__AVX2__)
  return (Vector)_mm256_set1_ps(value);
#elif defined(__aarch64__)
  return (Vector)vdupq_n_f32(value);
#else
  return (Vector)wasm_f32x4_splat(value);
#endif
}

/** The first `count` floats, 0 to WIDTH; the others are 0. Nothing beyond them is read. */
INLINE Vector load_part(const float *from, Index count) {
#if defined(__AVX512F__)
  return (Vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#else
  float lanes[WIDTH] = {0};
  for (Index i = 0; i < count; i++) lanes[i] = from[i];
  return load(lanes);
#endif
}

/** Stores the first `count` floats, 0 to WIDTH. */
INLINE void store_part(float *to, Vector values, Index count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)values);
#else
  float lanes[WIDTH];
  store(lanes, values);
  for (Index i = 0; i < count; i++) to[i] = lanes[i];
#endif
}

/** a b + c: rounded once, except in WebAssembly. There it is rounded twice without relaxed SIMD; with it, the processor decides. */
INLINE Vector multiply_add(Vector a, Vector b, Vector c) {
#if defined(__AVX512F__)
  return (Vector)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__)
  return (Vector)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (Vector)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#elif defined(__wasm_relaxed_simd__)
  return (Vector)__builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

/** Where `condition` is −1: a; where it is 0: b. */
INLINE Vector choose(Integers condition, Vector a, Vector b) {
  return (Vector)((condition & (Integers)a) | (~condition & (Integers)b));
}

#if defined(__wasm_relaxed_simd__)
/** An instruction by its name: of a comparison, the compiler makes a relaxed one here, which gives either operand where one is NaN. */
#define INSTRUCTION(name, a, b)                                                                          \
  ({                                                                                                     \
    Vector result;                                                                                       \
    __asm__("local.get %1\n local.get %2\n " name "\n local.set %0" : "=r"(result) : "r"(a), "r"(b));    \
    result;                                                                                              \
  })
#endif

/** The larger one; b where one of them is NaN. */
INLINE Vector larger(Vector a, Vector b) {
#if defined(__AVX512F__)
  return (Vector)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Vector)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__wasm_relaxed_simd__)
  return INSTRUCTION("f32x4.pmax", b, a);
#else
  return choose(a > b, a, b);
#endif
}

/** The smaller one; b where one of them is NaN. */
INLINE Vector smaller(Vector a, Vector b) {
#if defined(__AVX512F__)
  return (Vector)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Vector)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__wasm_relaxed_simd__)
  return INSTRUCTION("f32x4.pmin", b, a);
#else
  return choose(a < b, a, b);
#endif
}

INLINE Vector absolute(Vector x) { return (Vector)((Integers)x & 0x7fffffff); }

/** The sum of all lanes, halves first, so that its bits do not depend on the compiler. */
INLINE float sum_lanes(Vector x) {
  float lanes[WIDTH];
  store(lanes, x);
  for (int half = WIDTH / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

#endif
