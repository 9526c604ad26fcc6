import { drawSamples, flyingShapes, SHAPES, staticShapes } from '@nem/datasets';

/** An image or a sequence with its true groups. */
export interface Scene {
  readonly height: number;
  readonly width: number;
  /** [frames, pixels], from 0 to 1. */
  readonly frames: Float32Array;
  /** [frames, pixels]: 0 is background and overlap. */
  readonly groups: Uint8Array;
}

/** Whether a scene moves. */
export const isSequence = ({ frames, height, width }: Scene): boolean => frames.length > height * width;

/** The samples of one seed that a visitor can walk through. */
const SAMPLES = 10_000;

/** A test sample of the datasets that the networks were trained on; the networks have not seen it. */
export function sampleScene(moving: boolean, objects: number, seed: number, steps: number): Scene {
  const dataset = moving ? flyingShapes({ objects, frames: steps + 1 }) : staticShapes({ objects });
  const { features, groups, height, width } = drawSamples(dataset, 'test', [seed % SAMPLES]);
  return { height, width, frames: features, groups };
}

/** Nothing. */
export const blankScene = (height: number, width: number): Scene => ({
  height,
  width,
  frames: new Float32Array(height * width),
  groups: new Uint8Array(height * width),
});

/** What one press of the pointer or a key adds to a drawing. */
export type Brush = 'square' | 'triangle up' | 'triangle down' | 'pen' | 'eraser';

export const BRUSHES: readonly Brush[] = ['square', 'triangle up', 'triangle down', 'pen', 'eraser'];

/** Objects that a drawing tells apart: groups are bytes. */
const MOST_OBJECTS = 255;

/** A still image that is drawn by hand. Each stamp, and each stroke of the pen, is an object; where two overlap, no group is scored. */
export class Drawing implements Scene {
  readonly frames: Float32Array;
  readonly groups: Uint8Array;
  /** The group of what is drawn. */
  #object = 1;

  readonly height: number;
  readonly width: number;

  /** @param onto what is drawn onto: the first frame of a scene, which is copied. A drawing's stroke goes on. */
  constructor(onto: Scene) {
    const { height, width, frames, groups } = onto;
    this.height = height;
    this.width = width;
    this.frames = frames.slice(0, height * width);
    this.groups = groups.slice(0, height * width);
    // The groups do not tell: a stroke that has met nothing but other objects so far has no pixel.
    if (onto instanceof Drawing) this.#object = onto.#object;
  }

  /** Starts an object: what is drawn from now on belongs to it. Its group is the first that no pixel has. */
  begin(): void {
    const used = new Set(this.groups);
    this.#object = 1;
    while (used.has(this.#object) && this.#object < MOST_OBJECTS) this.#object++;
  }

  /** Draws with a brush whose middle is at a pixel. */
  put(brush: Brush, row: number, column: number): void {
    const shape = SHAPES.find(({ name }) => name === brush);
    if (!shape) {
      this.#dot(brush === 'eraser', row, column);
      return;
    }
    const top = Math.min(Math.max(row - (shape.height >> 1), 0), this.height - shape.height);
    const left = Math.min(Math.max(column - (shape.width >> 1), 0), this.width - shape.width);
    for (let i = 0; i < shape.pixels.length; i += 2) {
      this.#light(top + (shape.pixels[i] ?? 0), left + (shape.pixels[i + 1] ?? 0));
    }
  }

  /** Two by two pixels, as wide as the outlines that the networks know. */
  #dot(erase: boolean, row: number, column: number): void {
    for (const y of [row, row + 1]) {
      for (const x of [column, column + 1]) {
        if (erase) this.#darken(y, x);
        else this.#light(y, x);
      }
    }
  }

  #inside(row: number, column: number): boolean {
    return row >= 0 && column >= 0 && row < this.height && column < this.width;
  }

  #light(row: number, column: number): void {
    if (!this.#inside(row, column)) return;
    const at = row * this.width + column;
    const alone = this.frames[at] === 0 || this.groups[at] === this.#object;
    this.frames[at] = 1;
    this.groups[at] = alone ? this.#object : 0;
  }

  #darken(row: number, column: number): void {
    if (!this.#inside(row, column)) return;
    this.frames[row * this.width + column] = 0;
    this.groups[row * this.width + column] = 0;
  }
}
