/**
 * A straight flight at constant velocity that is reflected by the walls of a room: where the top left corner of an object may
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

/** `position` folded into [0, room] by reflection at both ends; a whole position in a whole room stays whole. */
function reflect(position: number, room: number): number {
  if (room === 0) return 0;
  const period = 2 * room;
  const phase = ((position % period) + period) % period;
  return phase <= room ? phase : period - phase;
}

/** Row of the corner at a frame. */
export function flightRow({ row, rowVelocity, rows }: Flight, frame: number): number {
  return reflect(row + frame * rowVelocity, rows);
}

/** Column of the corner at a frame. */
export function flightColumn({ column, columnVelocity, columns }: Flight, frame: number): number {
  return reflect(column + frame * columnVelocity, columns);
}
