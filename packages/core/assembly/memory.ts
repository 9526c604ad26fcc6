/** Address of element `index` of an array of floats. */
@inline
export function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** `count` floats, 1 to 4, with 0 beyond them. */
@inline
export function loadPart(address: usize, count: i32): v128 {
  if (count >= 4) return v128.load(address);
  let values = f32x4.splat(0);
  values = f32x4.replace_lane(values, 0, load<f32>(address));
  if (count > 1) values = f32x4.replace_lane(values, 1, load<f32>(address, 4));
  if (count > 2) values = f32x4.replace_lane(values, 2, load<f32>(address, 8));
  return values;
}

/** Stores the first `count` lanes, 1 to 4. */
@inline
export function storePart(address: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, values);
    return;
  }
  store<f32>(address, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(address, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(address, f32x4.extract_lane(values, 2), 8);
}

/** Lanes below `count` kept, the others 0. */
@inline
export function keepPart(values: v128, count: i32): v128 {
  if (count >= 4) return values;
  return v128.and(values, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}

/** Sum of the four lanes. */
@inline
export function sumLanes(values: v128): f32 {
  return (
    f32x4.extract_lane(values, 0) +
    f32x4.extract_lane(values, 1) +
    (f32x4.extract_lane(values, 2) + f32x4.extract_lane(values, 3))
  );
}

export function copyFloats(target: usize, source: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) v128.store(at(target, i), v128.load(at(source, i)));
  for (; i < length; i++) store<f32>(at(target, i), load<f32>(at(source, i)));
}

export function zeroFloats(target: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) v128.store(at(target, i), f32x4.splat(0));
  for (; i < length; i++) store<f32>(at(target, i), 0);
}

export function addFloats(target: usize, source: usize, length: i32): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    v128.store(at(target, i), f32x4.add(v128.load(at(target, i)), v128.load(at(source, i))));
  }
  for (; i < length; i++) store<f32>(at(target, i), load<f32>(at(target, i)) + load<f32>(at(source, i)));
}

/** Each of `rows` rows of `target` becomes `row`, or 0 where its address is 0. */
export function fillRows(rows: i32, length: i32, row: usize, target: usize): void {
  if (row == 0) {
    memory.fill(target, 0, (<usize>rows * length) << 2);
    return;
  }
  if (length == 1) {
    const value = load<f32>(row);
    const four = f32x4.splat(value);
    let i = 0;
    for (; i + 4 <= rows; i += 4) v128.store(at(target, i), four);
    for (; i < rows; i++) store<f32>(at(target, i), value);
    return;
  }
  for (let i = 0; i < rows; i++) copyFloats(at(target, i * length), row, length);
}
