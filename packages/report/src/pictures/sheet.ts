import { chooseSteps } from './overview.js';
import type { Raster } from './pixels.js';

/** Pixels between two tiles. */
const GAP = 4;

/** Most images, or frames of a sequence, side by side. */
const MOST_COLUMNS = 11;

/** A picture of bytes that rasters are drawn into, enlarged: of 1 channel (numbers of a palette) or 3 (red, green, blue). */
class Sheet implements Raster {
  readonly data: Uint8Array;

  /** @param paper every byte of what nothing is drawn on */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly channels: 1 | 3,
    paper: number,
  ) {
    this.data = new Uint8Array(channels * width * height).fill(paper);
  }

  /** Draws a raster with its top left corner at (x, y); one of 1 channel is grey on a sheet of 3. */
  draw({ width, height, channels, data }: Raster, x: number, y: number, scale: number): void {
    for (let row = 0; row < height * scale; row++) {
      for (let column = 0; column < width * scale; column++) {
        const from = channels * (Math.floor(row / scale) * width + Math.floor(column / scale));
        const to = this.channels * ((y + row) * this.width + x + column);
        for (let c = 0; c < this.channels; c++) this.data[to + c] = data[from + (channels === 3 ? c : 0)]!;
      }
    }
  }
}

/** Images, or frames of sequences, and how they are drawn. */
export interface SheetOptions {
  /** Frames of a sequence; 1 of still images. */
  readonly frames: number;
  /** Images or sequences. */
  readonly count: number;
  /** Pixels of one. */
  readonly height: number;
  readonly width: number;
  /** Pixels of the sheet for each of these. */
  readonly scale: number;
  readonly channels: 1 | 3;
  /** Every byte of the paper. */
  readonly paper: number;
  /** Tiles of one image or frame. */
  readonly rows: number;
  /** Draws these tiles. */
  readonly tiles: (frame: number, index: number) => readonly Raster[];
}

/** Size of a tile with the gap beside it. */
const cellOf = ({ height, width, scale }: SheetOptions) => ({
  across: width * scale + GAP,
  down: height * scale + GAP,
});

/** Tiles from top to bottom; still images stand side by side, of a sequence evenly spaced frames. */
export function stillSheet(options: SheetOptions): Sheet {
  const { frames, count, scale, channels, paper, rows, tiles } = options;
  const { across, down } = cellOf(options);
  const shown = chooseSteps(frames, MOST_COLUMNS);
  const perLine = frames > 1 ? 1 : Math.min(count, MOST_COLUMNS);
  const columns = Math.max(perLine, shown.length);
  const lineHeight = rows * down + GAP;
  const sheet = new Sheet(columns * across + GAP, Math.ceil(count / perLine) * lineHeight + GAP, channels, paper);
  for (let index = 0; index < count; index++) {
    const y = GAP + Math.floor(index / perLine) * lineHeight;
    shown.forEach((frame, i) => {
      const x = GAP + ((index % perLine) + i) * across;
      tiles(frame, index).forEach((tile, row) => {
        sheet.draw(tile, x, y + row * down, scale);
      });
    });
  }
  return sheet;
}

/** One frame of every sequence: its first two tiles beside each other. */
export function animationSheet(options: SheetOptions, frame: number): Sheet {
  const { count, scale, channels, paper, tiles } = options;
  const { across, down } = cellOf(options);
  const perLine = Math.ceil(Math.sqrt(count / 2));
  const tileWidth = 2 * across + GAP;
  const sheet = new Sheet(perLine * tileWidth, Math.ceil(count / perLine) * down + GAP, channels, paper);
  for (let index = 0; index < count; index++) {
    const [x, y] = [GAP + (index % perLine) * tileWidth, GAP + Math.floor(index / perLine) * down];
    tiles(frame, index)
      .slice(0, 2)
      .forEach((tile, i) => {
        sheet.draw(tile, x + i * across, y, scale);
      });
  }
  return sheet;
}
