import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { animationSheet, type SheetOptions, stillSheet } from './sheet.js';

interface Sizes {
  readonly frames: number;
  readonly count: number;
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly scale: number;
}

const small = fc.integer({ min: 1, max: 3 });
const one = fc.constant(1);
const sizes = (frames: fc.Arbitrary<number>, count: fc.Arbitrary<number>, rows: fc.Arbitrary<number>) =>
  fc.record({ frames, count, rows, height: small, width: small, scale: small });

/** Sheets on paper of 0 whose every tile has a number of its own, from 1. */
const number = ({ count, rows }: Sizes, frame: number, index: number, row: number) =>
  1 + (frame * count + index) * rows + row;
const optionsOf = (of: Sizes): SheetOptions => ({
  ...of,
  channels: 1,
  paper: 0,
  tiles: (frame, index) =>
    Array.from({ length: of.rows }, (_, row) => ({
      ...{ width: of.width, height: of.height, channels: 1 },
      data: new Uint8Array(of.width * of.height).fill(number(of, frame, index, row)),
    })),
});

/** Where each tile begins that is on a sheet, by its number. Each must be there whole, and the paper show around it. */
function placesOn({ width, height, data }: ReturnType<typeof stillSheet>, of: Sizes) {
  const places = new Map<number, { x: number; y: number }>();
  const found = new Map<number, number>();
  for (const [i, value] of data.entries()) {
    if (value === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (!places.has(value)) places.set(value, { x, y });
    found.set(value, (found.get(value) ?? 0) + 1);
    const corner = places.get(value)!;
    if (x - corner.x >= of.width * of.scale || y - corner.y >= of.height * of.scale)
      throw new Error(`${value} is torn`);
    if (Math.min(x, y, width - 1 - x, height - 1 - y) === 0) throw new Error(`${value} is at the edge`);
  }
  for (const pixels of found.values()) expect(pixels).toBe(of.height * of.width * of.scale ** 2);
  return places;
}

describe('a sheet', () => {
  it('of still images has each of them once, at most 11 side by side, in the order of reading, its tiles below one another', () => {
    fc.assert(
      fc.property(sizes(one, fc.integer({ min: 1, max: 30 }), small), (of) => {
        const places = placesOn(stillSheet(optionsOf(of)), of);
        const at = (index: number, row: number) => places.get(number(of, 0, index, row))!;
        expect(places.size).toBe(of.count * of.rows);
        expect(new Set(Array.from(places.values(), ({ x }) => x)).size).toBe(Math.min(of.count, 11));
        for (let index = 0; index < of.count; index++) {
          for (let row = 1; row < of.rows; row++) {
            expect(at(index, row).x).toBe(at(index, 0).x);
            expect(at(index, row).y).toBeGreaterThan(at(index, row - 1).y);
          }
          if (index === 0) continue;
          const [before, now] = [at(index - 1, 0), at(index, 0)];
          if (index % 11 > 0) expect([now.y, now.x > before.x]).toEqual([before.y, true]);
          else expect([now.y > at(index - 1, of.rows - 1).y, now.x]).toEqual([true, at(0, 0).x]);
        }
      }),
    );
  });

  it('of sequences has a line for each, with its frames from left to right', () => {
    fc.assert(
      fc.property(sizes(fc.integer({ min: 2, max: 11 }), fc.integer({ min: 1, max: 6 }), small), (of) => {
        const places = placesOn(stillSheet(optionsOf(of)), of);
        const at = (frame: number, index: number, row: number) => places.get(number(of, frame, index, row))!;
        expect(places.size).toBe(of.frames * of.count * of.rows);
        for (let index = 0; index < of.count; index++) {
          for (let frame = 1; frame < of.frames; frame++) {
            expect(at(frame, index, 0).y).toBe(at(0, index, 0).y);
            expect(at(frame, index, 0).x).toBeGreaterThan(at(frame - 1, index, 0).x);
          }
          if (index > 0) expect(at(0, index, 0).y).toBeGreaterThan(at(0, index - 1, of.rows - 1).y);
        }
      }),
    );
  });

  it('of an animation has one frame of every sequence: its first two tiles beside each other, and no other', () => {
    const options = sizes(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2, max: 3 }),
    );
    fc.assert(
      fc.property(options, fc.nat(3), (of, last) => {
        const frame = last % of.frames;
        const places = placesOn(animationSheet(optionsOf(of), frame), of);
        const at = (index: number, row: number) => places.get(number(of, frame, index, row))!;
        expect(places.size).toBe(2 * of.count);
        for (let index = 0; index < of.count; index++) {
          expect(at(index, 1).y).toBe(at(index, 0).y);
          expect(at(index, 1).x).toBeGreaterThan(at(index, 0).x);
          if (index === 0) continue;
          const [before, now] = [at(index - 1, 1), at(index, 0)];
          expect(now.y > before.y || (now.y === before.y && now.x > before.x)).toBe(true);
        }
      }),
    );
  });
});
