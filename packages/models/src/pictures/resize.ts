/** A part of a picture, in pixels, which need not be whole. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which pixels of a line a part of it covers, and how much of each. */
function cover(from: number, length: number, size: number): [pixel: number, share: number][] {
  const parts: [number, number][] = [];
  const to = from + length;
  for (let pixel = Math.max(0, Math.floor(from)); pixel < Math.min(size, Math.ceil(to)); pixel++) {
    const share = Math.min(pixel + 1, to) - Math.max(pixel, from);
    if (share > 0) parts.push([pixel, share]);
  }
  return parts;
}

/**
 * `area` of a grey picture at another size. Each pixel is the mean of what it covers, so that thin lines fade but never vanish;
 * enlarged, pixels become squares. What lies outside of the picture is `outside`.
 * @param grey [height, width]
 */
export function resize(
  grey: Float32Array,
  [height, width]: readonly [number, number],
  area: Area,
  [toHeight, toWidth]: readonly [number, number],
  outside: number,
): Float32Array {
  const [tall, wide] = [area.height / toHeight, area.width / toWidth];
  const rows = Array.from({ length: toHeight }, (_, row) => cover(area.y + row * tall, tall, height));
  const columns = Array.from({ length: toWidth }, (_, column) => cover(area.x + column * wide, wide, width));
  return Float32Array.from({ length: toHeight * toWidth }, (_, i) => {
    let [sum, covered] = [0, 0];
    for (const [row, high] of rows[Math.floor(i / toWidth)]!) {
      for (const [column, share] of columns[i % toWidth]!) {
        sum += high * share * grey[row * width + column]!;
        covered += high * share;
      }
    }
    // Rounding may cover slightly more than there is.
    const uncovered = Math.max(0, tall * wide - covered);
    return Math.min(1, Math.max(0, (sum + uncovered * outside) / (tall * wide)));
  });
}
