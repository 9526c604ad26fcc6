// Bulk Threefry-2x32 with 128-bit SIMD, words to normals, and flips. `pnpm --filter @nem/random generate` compiles it into
// src/binary.ts. The same operations in the same order as threefry.ts, normal.ts and the plain kernel: the same bits.
#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

enum { PARITY = 0x1bd11bda };

INLINE v128_t rotate(v128_t y, int by) { return wasm_v128_or(wasm_i32x4_shl(y, by), wasm_u32x4_shr(y, 32 - by)); }

/** Both halves of four blocks. */
typedef struct {
  v128_t x, y;
} Blocks;

INLINE Blocks rounds(Blocks b, int r0, int r1, int r2, int r3) {
  const int by[] = {r0, r1, r2, r3};
  for (int i = 0; i < 4; i++) {
    b.x = wasm_i32x4_add(b.x, b.y);
    b.y = wasm_v128_xor(rotate(b.y, by[i]), b.x);
  }
  return b;
}

INLINE Blocks add(Blocks b, v128_t x, v128_t y) { return (Blocks){wasm_i32x4_add(b.x, x), wasm_i32x4_add(b.y, y)}; }

/** Words of `blocks` blocks (a multiple of 4), from counter (`block`, 0): two words each, at `out`. */
EXPORT void words(unsigned key0, unsigned key1, unsigned block, int blocks, unsigned *out) {
  const unsigned key2 = PARITY ^ key0 ^ key1;
  const v128_t k0 = wasm_u32x4_splat(key0), k1 = wasm_u32x4_splat(key1), k2 = wasm_u32x4_splat(key2);
  const v128_t y1 = wasm_u32x4_splat(key2 + 1), y2 = wasm_u32x4_splat(key0 + 2), y3 = wasm_u32x4_splat(key1 + 3);
  const v128_t y4 = wasm_u32x4_splat(key2 + 4), y5 = wasm_u32x4_splat(key0 + 5);
  v128_t counter = wasm_i32x4_add(wasm_u32x4_splat(block), wasm_i32x4_const(0, 1, 2, 3));
  for (int i = 0; i < blocks; i += 4, out += 8) {
    Blocks b = {wasm_i32x4_add(counter, k0), k1};
    counter = wasm_i32x4_add(counter, wasm_i32x4_const_splat(4));
    b = add(rounds(b, 13, 15, 26, 6), k1, y1);
    b = add(rounds(b, 17, 29, 16, 24), k2, y2);
    b = add(rounds(b, 13, 15, 26, 6), k0, y3);
    b = add(rounds(b, 17, 29, 16, 24), k1, y4);
    b = add(rounds(b, 13, 15, 26, 6), k2, y5);
    wasm_v128_store(out, wasm_i32x4_shuffle(b.x, b.y, 0, 4, 1, 5));
    wasm_v128_store(out + 4, wasm_i32x4_shuffle(b.x, b.y, 2, 6, 3, 7));
  }
}

#define SQRT2 1.4142135623730951
#define LN2 0.6931471805599453

/** A polynomial by Horner's rule, the highest coefficient first. */
INLINE v128_t polynomial(v128_t x, const double *coefficients, int count) {
  v128_t sum = wasm_f64x2_splat(coefficients[0]);
  for (int i = 1; i < count; i++) {
    sum = wasm_f64x2_add(wasm_f64x2_mul(sum, x), wasm_f64x2_splat(coefficients[i]));
  }
  return sum;
}
#define POLYNOMIAL(x, ...) \
  polynomial(x, (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

/** Natural logarithms of two positive, normal numbers. */
INLINE v128_t logarithms(v128_t x) {
  const v128_t one = wasm_f64x2_const_splat(1);
  v128_t exponent = wasm_i64x2_sub(wasm_u64x2_shr(x, 52), wasm_i64x2_const_splat(1023));
  v128_t mantissa = wasm_v128_or(wasm_v128_and(x, wasm_i64x2_const_splat(0xfffffffffffff)),
                                 wasm_i64x2_const_splat(0x3ff0000000000000));
  const v128_t large = wasm_f64x2_gt(mantissa, wasm_f64x2_const_splat(SQRT2));
  mantissa = wasm_v128_bitselect(wasm_f64x2_mul(mantissa, wasm_f64x2_const_splat(0.5)), mantissa, large);
  exponent = wasm_i64x2_sub(exponent, large);
  const v128_t s = wasm_f64x2_div(wasm_f64x2_sub(mantissa, one), wasm_f64x2_add(mantissa, one));
  const v128_t z = wasm_f64x2_mul(s, s);
  const v128_t sum = POLYNOMIAL(z, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7,
                                1.0 / 5, 1.0 / 3, 1.0);
  const v128_t whole = wasm_f64x2_convert_low_i32x4(wasm_i32x4_shuffle(exponent, exponent, 0, 2, 0, 2));
  return wasm_f64x2_add(wasm_f64x2_mul(whole, wasm_f64x2_const_splat(LN2)),
                        wasm_f64x2_mul(wasm_f64x2_mul(wasm_f64x2_const_splat(2), s), sum));
}

INLINE v128_t centre(v128_t w) {
  return POLYNOMIAL(w, 2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503,
                    -0.00417768164, 0.246640727, 1.50140941);
}

INLINE v128_t tail(v128_t w) {
  return POLYNOMIAL(w, -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
                    0.00943887047, 1.00167406, 2.83297682);
}

/** Standard normals, as doubles at `out`, of `count` words at `source`: two at a time, one more where `count` is odd. */
EXPORT void normals(const unsigned *source, int count, double *out) {
  const v128_t one = wasm_f64x2_const_splat(1), half = wasm_f64x2_const_splat(0.5);
  for (int i = 0; i < count; i += 2, source += 2, out += 2) {
    const v128_t word = wasm_f64x2_convert_low_u32x4(wasm_v128_load64_zero(source));
    const v128_t scale = wasm_f64x2_const_splat(4.656612873077393e-10);
    const v128_t u = wasm_f64x2_sub(wasm_f64x2_mul(wasm_f64x2_add(word, half), scale), one);
    const v128_t w =
        wasm_f64x2_neg(logarithms(wasm_f64x2_mul(wasm_f64x2_sub(one, u), wasm_f64x2_add(one, u))));
    v128_t inverse = wasm_f64x2_mul(centre(wasm_f64x2_sub(w, wasm_f64x2_const_splat(2.5))), u);
    const v128_t far = wasm_f64x2_ge(w, wasm_f64x2_const_splat(5));
    if (wasm_v128_any_true(far)) {
      const v128_t beyond = wasm_f64x2_mul(tail(wasm_f64x2_sub(wasm_f64x2_sqrt(w), wasm_f64x2_const_splat(3))), u);
      inverse = wasm_v128_bitselect(beyond, inverse, far);
    }
    wasm_v128_store(out, wasm_f64x2_mul(wasm_f64x2_const_splat(SQRT2), inverse));
  }
}

/** In place: 1 − x where the word is below `threshold`. A multiple of 4 at a time, at least `count`. */
EXPORT void flips(const unsigned *source, unsigned threshold, int count, float *out) {
  const v128_t limit = wasm_u32x4_splat(threshold), one = wasm_f32x4_const_splat(1);
  for (int i = 0; i < count; i += 4) {
    const v128_t x = wasm_v128_load(out + i), below = wasm_u32x4_lt(wasm_v128_load(source + i), limit);
    wasm_v128_store(out + i, wasm_v128_bitselect(wasm_f32x4_sub(one, x), x, below));
  }
}
