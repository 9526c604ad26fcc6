import type { RandomStream } from '@nem/random';
import type { Sprite } from './sprite.js';

/** A binary outline: the pixels it covers, as [row, column] pairs in one flat list. */
export interface Shape extends Sprite {
  readonly name: string;
  readonly pixels: Int8Array;
}

function shape(name: string, height: number, width: number, covers: (row: number, column: number) => boolean): Shape {
  const pixels: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) if (covers(row, column)) pixels.push(row, column);
  }
  return { name, height, width, pixels: Int8Array.from(pixels) };
}

/** 7×7 with a stroke of 2 pixels. */
const square = shape('square', 7, 7, (row, column) => row < 2 || row > 4 || column < 2 || column > 4);

/** Row r of the first five from column 5 − r to 6 + r, of rows 3 and 4 the outer 3 pixels a side; the last two rows are full. */
function insideTriangle(row: number, column: number): boolean {
  if (row >= 5) return true;
  const fromEdge = Math.min(column - (5 - row), 6 + row - column);
  return fromEdge >= 0 && (row < 3 || fromEdge < 3);
}

const triangleUp = shape('triangle up', 7, 12, insideTriangle);
const triangleDown = shape('triangle down', 7, 12, (row, column) => insideTriangle(6 - row, column));

/** The three outlines of the shapes datasets (method, section 5). */
export const SHAPES: readonly Shape[] = [square, triangleUp, triangleDown];

/** One of them, each as likely. */
export const randomShape = (random: RandomStream): Shape => SHAPES[random.integer(SHAPES.length)]!;

/** Height of the tallest shape and width of the widest: the least that an image needs. */
export const TALLEST_SHAPE = Math.max(...SHAPES.map((shape) => shape.height));
export const WIDEST_SHAPE = Math.max(...SHAPES.map((shape) => shape.width));
