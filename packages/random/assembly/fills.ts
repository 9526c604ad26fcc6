// AssemblyScript: bulk Threefry-2x32 with 128-bit SIMD, and words to normals. `pnpm --filter @nem/random generate`
// compiles it into src/binary.ts. The same operations in the same order as threefry.ts and normal.ts: the same bits.

const PARITY: i32 = 0x1bd11bda;

@inline
function rotate(y: v128, by: i32): v128 {
  return v128.or(i32x4.shl(y, by), i32x4.shr_u(y, 32 - by));
}

/** Words of `blocks` blocks (a multiple of 4), from counter (`block`, 0): two words each, at `out`. */
export function words(key0: i32, key1: i32, block: i32, blocks: i32, out: usize): void {
  const key2 = PARITY ^ key0 ^ key1;
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(key2);
  const y1 = i32x4.splat(key2 + 1);
  const y2 = i32x4.splat(key0 + 2);
  const y3 = i32x4.splat(key1 + 3);
  const y4 = i32x4.splat(key2 + 4);
  const y5 = i32x4.splat(key0 + 5);
  let counter = i32x4.add(i32x4.splat(block), i32x4(0, 1, 2, 3));
  for (let i = 0; i < blocks; i += 4, out += 32) {
    let x = i32x4.add(counter, k0);
    let y = k1;
    counter = i32x4.add(counter, i32x4.splat(4));

    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k1);
    y = i32x4.add(y, y1);

    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, k2);
    y = i32x4.add(y, y2);

    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k0);
    y = i32x4.add(y, y3);

    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 17), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 29), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 16), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 24), x);
    x = i32x4.add(x, k1);
    y = i32x4.add(y, y4);

    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 13), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 15), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 26), x);
    x = i32x4.add(x, y);
    y = v128.xor(rotate(y, 6), x);
    x = i32x4.add(x, k2);
    y = i32x4.add(y, y5);

    v128.store(out, v128.shuffle<i32>(x, y, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<i32>(x, y, 2, 6, 3, 7), 16);
  }
}

const SQRT2: f64 = 1.4142135623730951;
const LN2: f64 = 0.6931471805599453;

@inline
function step(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}

/** Natural logarithms of two positive, normal numbers. */
@inline
function log2x(x: v128): v128 {
  const one = f64x2.splat(1);
  let exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  let mantissa = v128.or(v128.and(x, i64x2.splat(0xfffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const large = f64x2.gt(mantissa, f64x2.splat(SQRT2));
  mantissa = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, large);
  exponent = i64x2.sub(exponent, large);
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const z = f64x2.mul(s, s);
  let sum = f64x2.splat(1.0 / 21.0);
  sum = step(sum, z, 1.0 / 19.0);
  sum = step(sum, z, 1.0 / 17.0);
  sum = step(sum, z, 1.0 / 15.0);
  sum = step(sum, z, 1.0 / 13.0);
  sum = step(sum, z, 1.0 / 11.0);
  sum = step(sum, z, 1.0 / 9.0);
  sum = step(sum, z, 1.0 / 7.0);
  sum = step(sum, z, 1.0 / 5.0);
  sum = step(sum, z, 1.0 / 3.0);
  sum = step(sum, z, 1.0);
  const whole = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
  return f64x2.add(
    f64x2.mul(whole, f64x2.splat(LN2)),
    f64x2.mul(f64x2.mul(f64x2.splat(2), s), sum),
  );
}

@inline
function centre(w: v128): v128 {
  let value = f64x2.splat(2.81022636e-8);
  value = step(value, w, 3.43273939e-7);
  value = step(value, w, -3.5233877e-6);
  value = step(value, w, -4.39150654e-6);
  value = step(value, w, 0.00021858087);
  value = step(value, w, -0.00125372503);
  value = step(value, w, -0.00417768164);
  value = step(value, w, 0.246640727);
  return step(value, w, 1.50140941);
}

@inline
function tail(w: v128): v128 {
  let value = f64x2.splat(-0.000200214257);
  value = step(value, w, 0.000100950558);
  value = step(value, w, 0.00134934322);
  value = step(value, w, -0.00367342844);
  value = step(value, w, 0.00573950773);
  value = step(value, w, -0.0076224613);
  value = step(value, w, 0.00943887047);
  value = step(value, w, 1.00167406);
  return step(value, w, 2.83297682);
}

/** Standard normals, as doubles at `out`, of `count` words at `source`: two at a time, one more where `count` is odd. */
export function normals(source: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 2, source += 8, out += 16) {
    const words = f64x2.convert_low_i32x4_u(v128.load64_zero(source));
    const one = f64x2.splat(1);
    const u = f64x2.sub(f64x2.mul(f64x2.add(words, f64x2.splat(0.5)), f64x2.splat(4.656612873077393e-10)), one);
    const w = f64x2.neg(log2x(f64x2.mul(f64x2.sub(one, u), f64x2.add(one, u))));
    let inverse = f64x2.mul(centre(f64x2.sub(w, f64x2.splat(2.5))), u);
    const far = f64x2.ge(w, f64x2.splat(5));
    if (v128.any_true(far)) {
      const beyond = f64x2.mul(tail(f64x2.sub(f64x2.sqrt(w), f64x2.splat(3))), u);
      inverse = v128.bitselect(beyond, inverse, far);
    }
    v128.store(out, f64x2.mul(f64x2.splat(SQRT2), inverse));
  }
}
