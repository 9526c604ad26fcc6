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
function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  let sum: f64 = 1.0 / 21.0;
  sum = sum * z + 1.0 / 19.0;
  sum = sum * z + 1.0 / 17.0;
  sum = sum * z + 1.0 / 15.0;
  sum = sum * z + 1.0 / 13.0;
  sum = sum * z + 1.0 / 11.0;
  sum = sum * z + 1.0 / 9.0;
  sum = sum * z + 1.0 / 7.0;
  sum = sum * z + 1.0 / 5.0;
  sum = sum * z + 1.0 / 3.0;
  sum = sum * z + 1.0;
  return <f64>exponent * LN2 + 2 * s * sum;
}

@inline
function centre(w: f64): f64 {
  let value: f64 = 2.81022636e-8;
  value = value * w + 3.43273939e-7;
  value = value * w + -3.5233877e-6;
  value = value * w + -4.39150654e-6;
  value = value * w + 0.00021858087;
  value = value * w + -0.00125372503;
  value = value * w + -0.00417768164;
  value = value * w + 0.246640727;
  return value * w + 1.50140941;
}

@inline
function tail(w: f64): f64 {
  let value: f64 = -0.000200214257;
  value = value * w + 0.000100950558;
  value = value * w + 0.00134934322;
  value = value * w + -0.00367342844;
  value = value * w + 0.00573950773;
  value = value * w + -0.0076224613;
  value = value * w + 0.00943887047;
  value = value * w + 1.00167406;
  return value * w + 2.83297682;
}

/** Standard normals, as doubles at `out`, of `count` words at `source`. */
export function normals(source: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++, source += 4, out += 8) {
    const u = (<f64>load<u32>(source) + 0.5) * 4.656612873077393e-10 - 1;
    const w = -log((1 - u) * (1 + u));
    const inverse = w < 5 ? centre(w - 2.5) * u : tail(sqrt(w) - 3) * u;
    store<f64>(out, SQRT2 * inverse);
  }
}
