/** The light is looked at on a grid of so many cells along the picture's longer side. */
const CELLS = 64;
/** Dark things narrower than this part of the grid's shorter side are drawn; wider ones are shade. */
const WIDEST = 0.2;
/** Light is at least this part of the brightest: what is darker is a filled object. */
const LEAST = 0.3;

/** One value a cell, [rows, columns]. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** The brightest pixel of each cell. */
function brightest(grey: Float32Array, height: number, width: number): Grid {
  const scale = Math.min(1, CELLS / Math.max(height, width));
  const [rows, columns] = [Math.ceil(height * scale), Math.ceil(width * scale)];
  const values = new Float32Array(rows * columns);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * columns) / width);
      values[cell] = Math.max(values[cell]!, grey[y * width + x]!);
    }
  }
  return { rows, columns, values };
}

/** The extreme value within `radius` cells along rows and columns. */
function spread({ rows, columns, values }: Grid, radius: number, pick: (a: number, b: number) => number): Grid {
  const along = (from: Float32Array, lines: number, length: number, line: number, step: number) => {
    const out = new Float32Array(from.length);
    for (let i = 0; i < lines * length; i++) {
      const [at, k] = [Math.floor(i / length) * line, i % length];
      let best = from[at + k * step]!;
      for (let j = Math.max(0, k - radius); j <= Math.min(length - 1, k + radius); j++) {
        best = pick(best, from[at + j * step]!);
      }
      out[at + k * step] = best;
    }
    return out;
  };
  return { rows, columns, values: along(along(values, rows, columns, columns, 1), columns, rows, 1, columns) };
}

/** The grid's value at a place between the middles of cells. */
function between({ rows, columns, values }: Grid, row: number, column: number): number {
  const [y, x] = [Math.min(Math.max(row - 0.5, 0), rows - 1), Math.min(Math.max(column - 0.5, 0), columns - 1)];
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [Math.min(top + 1, rows - 1), Math.min(left + 1, columns - 1)];
  const line = (r: number) =>
    values[r * columns + left]! + (x - left) * (values[r * columns + right]! - values[r * columns + left]!);
  return line(top) + (y - top) * (line(down) - line(top));
}

/**
 * A picture of dark lines on bright paper without shades and gradients of the light: each pixel by the brightness of the paper around it.
 * That is the closing of the picture (its brightest values around, and of those the darkest around: dark things narrower than a
 * fifth of the picture vanish, and edges of shades stay where they are).
 * @param grey [height, width], from 0 to 1
 */
export function evenLight(grey: Float32Array, height: number, width: number): Float32Array {
  const cells = brightest(grey, height, width);
  const radius = Math.ceil((WIDEST * Math.min(cells.rows, cells.columns)) / 2);
  const light = spread(spread(cells, radius, Math.max), radius, Math.min);
  const least = LEAST * light.values.reduce((most, value) => Math.max(most, value), 0);
  if (least === 0) return grey;
  return Float32Array.from(grey, (value, i) => {
    const row = ((Math.floor(i / width) + 0.5) * light.rows) / height;
    const column = (((i % width) + 0.5) * light.columns) / width;
    return Math.min(1, value / Math.max(least, between(light, row, column)));
  });
}
