import { activate, multiplyAdd, slope } from './math';
import { at, keepPart, loadPart, storePart, sumLanes } from './memory';

/** y = activation(x), element by element. */
export function activateAll(length: i32, activation: i32, x: usize, y: usize): void {
  for (let i = 0; i < length; i += 4) {
    const count = length - i;
    storePart(at(y, i), activate(activation, loadPart(at(x, i), count)), count);
  }
}

function mean(length: i32, x: usize): f32 {
  let first = f32x4.splat(0);
  let second = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    first = f32x4.add(first, v128.load(at(x, i)));
    second = f32x4.add(second, v128.load(at(x, i), 16));
  }
  for (; i < length; i += 4) first = f32x4.add(first, loadPart(at(x, i), length - i));
  return sumLanes(f32x4.add(first, second)) / <f32>length;
}

function variance(length: i32, x: usize, centre: f32): f32 {
  const middle = f32x4.splat(centre);
  let first = f32x4.splat(0);
  let second = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const a = f32x4.sub(v128.load(at(x, i)), middle);
    const b = f32x4.sub(v128.load(at(x, i), 16), middle);
    first = multiplyAdd(a, a, first);
    second = multiplyAdd(b, b, second);
  }
  for (; i < length; i += 4) {
    const part = keepPart(f32x4.sub(loadPart(at(x, i), length - i), middle), length - i);
    first = multiplyAdd(part, part, first);
  }
  return sumLanes(f32x4.add(first, second)) / <f32>length;
}

/**
 * Layer norm, gain and offset by channel, activation. x, y, normalized: [rows, length], the channels in the last places of
 * `length`; scale: [rows].
 */
export function normActivate(
  rows: i32,
  length: i32,
  channels: i32,
  activation: i32,
  epsilon: f32,
  x: usize,
  gain: usize,
  offset: usize,
  y: usize,
  normalized: usize,
  scale: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const centre = mean(length, x);
    const factor = <f32>1 / sqrt<f32>(variance(length, x, centre) + epsilon);
    store<f32>(at(scale, row), factor);
    const middle = f32x4.splat(centre);
    const factors = f32x4.splat(factor);
    for (let i = 0; i < length; i += channels) {
      for (let c = 0; c < channels; c += 4) {
        const count = channels - c;
        const value = f32x4.mul(f32x4.sub(loadPart(at(x, i + c), count), middle), factors);
        storePart(at(normalized, i + c), value, count);
        const affine = multiplyAdd(value, loadPart(at(gain, c), count), loadPart(at(offset, c), count));
        storePart(at(y, i + c), activate(activation, affine), count);
      }
    }
    x = at(x, length);
    y = at(y, length);
    normalized = at(normalized, length);
  }
}

@inline
function accumulate(address: usize, values: v128, count: i32): void {
  storePart(address, f32x4.add(loadPart(address, count), values), count);
}

/**
 * Gradient of {@link normActivate} by x, less what is the same in each row; adds those by gain and offset to their sums, and
 * dx summed by channel to `biasSum` where it is not 0.
 */
export function normActivateGradient(
  rows: i32,
  length: i32,
  channels: i32,
  activation: i32,
  dy: usize,
  y: usize,
  normalized: usize,
  scale: usize,
  gain: usize,
  dx: usize,
  gainSum: usize,
  offsetSum: usize,
  biasSum: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let total = f32x4.splat(0);
    let projection = f32x4.splat(0);
    for (let i = 0; i < length; i += channels) {
      for (let c = 0; c < channels; c += 4) {
        const count = channels - c;
        const value = loadPart(at(normalized, i + c), count);
        const before = f32x4.mul(loadPart(at(dy, i + c), count), slope(activation, loadPart(at(y, i + c), count)));
        accumulate(at(gainSum, c), f32x4.mul(before, value), count);
        accumulate(at(offsetSum, c), before, count);
        const gradient = f32x4.mul(before, loadPart(at(gain, c), count));
        storePart(at(dx, i + c), gradient, count);
        total = f32x4.add(total, gradient);
        projection = multiplyAdd(gradient, value, projection);
      }
    }
    const centre = f32x4.splat(sumLanes(total) / <f32>length);
    const along = f32x4.splat(-sumLanes(projection) / <f32>length);
    const factor = f32x4.splat(load<f32>(at(scale, row)));
    for (let i = 0; i < length; i += channels) {
      for (let c = 0; c < channels; c += 4) {
        const count = channels - c;
        const centred = f32x4.sub(loadPart(at(dx, i + c), count), centre);
        const value = f32x4.mul(multiplyAdd(loadPart(at(normalized, i + c), count), along, centred), factor);
        storePart(at(dx, i + c), value, count);
        if (biasSum != 0) accumulate(at(biasSum, c), value, count);
      }
    }
    dy = at(dy, length);
    y = at(y, length);
    normalized = at(normalized, length);
    dx = at(dx, length);
  }
}

/** dx = dy · activation′, summed by channel into `biasSum` too where it is not 0. All but the sum: [rows, channels]. */
export function activateGradient(
  rows: i32,
  channels: i32,
  activation: i32,
  dy: usize,
  y: usize,
  dx: usize,
  biasSum: usize,
): void {
  // As many rows as make whole vectors, where a row is short.
  if (channels == 1) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < rows; i += 4) {
      const count = rows - i;
      const value = f32x4.mul(loadPart(at(dy, i), count), slope(activation, loadPart(at(y, i), count)));
      storePart(at(dx, i), value, count);
      sum = f32x4.add(sum, value);
    }
    if (biasSum != 0) store<f32>(biasSum, load<f32>(biasSum) + sumLanes(sum));
    return;
  }
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < channels; c += 4) {
      const count = channels - c;
      const i = row * channels + c;
      const value = f32x4.mul(loadPart(at(dy, i), count), slope(activation, loadPart(at(y, i), count)));
      storePart(at(dx, i), value, count);
      if (biasSum != 0) accumulate(at(biasSum, c), value, count);
    }
  }
}
