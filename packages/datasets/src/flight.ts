import type { RandomStream } from '@nem/random';
import { DatasetError } from './dataset.js';

/** Slowest and fastest flight, in pixels per frame. */
export type SpeedRange = readonly [minimum: number, maximum: number];

/** Speeds where none are given; the paper names none. */
export const DEFAULT_SPEED: SpeedRange = [1, 2];

/**
 * A straight flight at constant speed that is reflected by the walls of a room: where the top left corner of an object may
 * be so that the object is whole inside the image. Positions and velocities are in pixels, and pixels per frame.
 */
export interface Flight {
  /** Largest row and column of the corner; the smallest are 0. */
  readonly rows: number;
  readonly columns: number;
  /** Where the corner is at frame 0. */
  readonly row: number;
  readonly column: number;
  readonly rowVelocity: number;
  readonly columnVelocity: number;
}

/** @throws DatasetError for speeds that are not 0 ≤ minimum ≤ maximum ≤ 1,000 */
export function requireSpeed([minimum, maximum]: SpeedRange): void {
  if (!(minimum >= 0 && minimum <= maximum && maximum <= 1000)) {
    throw new DatasetError(
      `the speed range is ${minimum} to ${maximum} pixels per frame: give two numbers from 0 to 1000, the smaller first.`,
    );
  }
}

/**
 * A uniformly random direction as [cosine, sine]: a point of the unit disc (by rejection) on its circle. Only +, ×, / and
 * the square root, which IEEE 754 rounds alike everywhere; Math.cos differs between engines in its last bit.
 */
export function randomDirection(random: RandomStream): [number, number] {
  for (;;) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    const square = x * x + y * y;
    // Near the centre the grid of uniforms is too coarse for an angle.
    if (square > 1 || square < 1e-4) continue;
    const length = Math.sqrt(square);
    return [x / length, y / length];
  }
}

/** A flight with uniform start, direction and speed, in a room of `rows` and `columns` pixels (both may be 0). */
export function randomFlight(
  random: RandomStream,
  rows: number,
  columns: number,
  [minimum, maximum]: SpeedRange,
): Flight {
  const row = random.uniform() * rows;
  const column = random.uniform() * columns;
  const [cosine, sine] = randomDirection(random);
  const speed = minimum + random.uniform() * (maximum - minimum);
  return { rows, columns, row, column, rowVelocity: speed * sine, columnVelocity: speed * cosine };
}

/** `position` folded into [0, room] by reflection at both ends. */
function reflect(position: number, room: number): number {
  if (room === 0) return 0;
  const period = 2 * room;
  const phase = ((position % period) + period) % period;
  return phase <= room ? phase : period - phase;
}

/** Sub-pixel row of the corner at a frame. */
export function flightRow({ row, rowVelocity, rows }: Flight, frame: number): number {
  return reflect(row + frame * rowVelocity, rows);
}

/** Sub-pixel column of the corner at a frame. */
export function flightColumn({ column, columnVelocity, columns }: Flight, frame: number): number {
  return reflect(column + frame * columnVelocity, columns);
}
