import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError, drawSamples, flyingShapes, SHAPES } from './index.js';

const SIZES = new Set(SHAPES.map(({ pixels }) => pixels.length / 2));

/** Any options that are in range. */
const anyOptions = fc.record({
  seed: fc.nat(),
  height: fc.integer({ min: 7, max: 40 }),
  width: fc.integer({ min: 12, max: 40 }),
  objects: fc.integer({ min: 1, max: 6 }),
  frames: fc.integer({ min: 1, max: 30 }),
  motion: fc.oneof(
    fc.record({ type: fc.constant('integerPixel' as const), maxVelocity: fc.nat(9) }),
    fc.record({
      type: fc.constant('subPixel' as const),
      speed: fc
        .tuple(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true }))
        .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
    }),
  ),
});

describe('flying shapes', () => {
  it('are binary with any options, have groups on lit pixels only, and no shape is larger than it should be', () => {
    fc.assert(
      fc.property(anyOptions, fc.nat(9999), (options, index) => {
        const { features, groups } = drawSamples(flyingShapes(options), 'test', [index]);
        const pixels = options.height * options.width;
        for (let frame = 0; frame < options.frames; frame++) {
          const counts = new Array<number>(options.objects + 1).fill(0);
          let lit = 0;
          for (let i = frame * pixels; i < (frame + 1) * pixels; i++) {
            if (features[i] === 1) lit++;
            else if (features[i] !== 0 || groups[i] !== 0) throw new Error(`pixel ${i}: ${features[i]}, ${groups[i]}`);
            if (features[i] === 1) counts[groups[i]!]!++;
          }
          // Without overlap every shape is whole: nothing was cut off by a wall.
          if (counts[0] === 0) for (const count of counts.slice(1)) expect(SIZES.has(count)).toBe(true);
          else expect(Math.max(...counts.slice(1))).toBeLessThanOrEqual(Math.max(...SIZES));
          expect(lit).toBeGreaterThanOrEqual(Math.min(...SIZES));
        }
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('are the same drawn alone, drawn with others, and as the beginning of a longer sequence', () => {
    fc.assert(
      fc.property(anyOptions, fc.array(fc.nat(9999), { minLength: 1, maxLength: 5 }), (options, indices) => {
        const together = drawSamples(flyingShapes(options), 'training', indices);
        const longer = flyingShapes({ ...options, frames: options.frames + 5 });
        const pixels = options.height * options.width;
        indices.forEach((index, position) => {
          const alone = drawSamples(longer, 'training', [index]);
          for (let frame = 0; frame < options.frames; frame++) {
            const at = (frame * indices.length + position) * pixels;
            for (const name of ['features', 'groups'] as const) {
              const one = alone[name].subarray(frame * pixels, (frame + 1) * pixels).join('');
              expect(together[name].subarray(at, at + pixels).join('')).toBe(one);
            }
          }
        });
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  /** Where the top left corner of a single shape is, in sequences of 60×60 pixels. */
  function corner(groups: Uint8Array, frame: number): [row: number, column: number] {
    const image = groups.subarray(frame * 3600, (frame + 1) * 3600);
    const lit = Array.from(image.keys()).filter((i) => image[i] === 1);
    return [Math.floor(lit[0]! / 60), Math.min(...lit.map((i) => i % 60))];
  }

  it('move by at most one pixel per frame and axis, and turn only at a wall', () => {
    const dataset = flyingShapes({ objects: 1, frames: 80, height: 60, width: 60 });
    const moved = new Set<string>();
    for (let index = 0; index < 60; index++) {
      const { groups } = drawSamples(dataset, 'validation', [index]);
      const shape = SHAPES.find(({ pixels }) => pixels.length / 2 === groups.subarray(0, 3600).filter((g) => g).length);
      const [rows, columns] = [60 - (shape?.height ?? 0), 60 - (shape?.width ?? 0)];
      const path = Array.from({ length: 80 }, (_, frame) => corner(groups, frame));
      for (const [axis, room] of [rows, columns].entries()) {
        const positions = path.map((at) => at[axis]!);
        const steps = positions.slice(1).map((position, frame) => position - positions[frame]!);
        expect(new Set(steps.map(Math.abs)).size).toBe(1);
        for (const [frame, step] of steps.slice(1).entries()) {
          const atWall = positions[frame + 1] === 0 || positions[frame + 1] === room;
          expect(step).toBe(atWall ? -steps[frame]! || 0 : steps[frame]);
        }
      }
      const [first, second] = path as [[number, number], [number, number]];
      moved.add([second[0] - first[0], second[1] - first[1]].join());
    }
    expect([...moved].sort()).toEqual(['-1,-1', '-1,0', '-1,1', '0,-1', '0,0', '0,1', '1,-1', '1,0', '1,1']);
  });

  it('move with sub-pixel motion by at most one pixel more than their speed, in each direction', () => {
    const motion = { type: 'subPixel', speed: [3, 3] } as const;
    const dataset = flyingShapes({ objects: 1, motion, frames: 40, height: 60, width: 60 });
    const { groups } = drawSamples(dataset, 'validation', [0]);
    let moved = 0;
    for (let frame = 1; frame < 40; frame++) {
      const [row, column] = corner(groups, frame);
      const [rowBefore, columnBefore] = corner(groups, frame - 1);
      const distance = Math.hypot(row - rowBefore, column - columnBefore);
      expect(distance).toBeLessThanOrEqual(3 + Math.SQRT2);
      moved += distance;
    }
    expect(moved).toBeGreaterThan(39 * 2);
  });

  it.each([
    [{ width: 11 }, '28×11'],
    [{ objects: 256 }, '256'],
    [{ frames: 0 }, 'frames is 0'],
    [{ frames: 1.5 }, '1.5'],
    [{ motion: { type: 'integerPixel', maxVelocity: 0.5 } as const }, 'maxVelocity is 0.5'],
    [{ motion: { type: 'subPixel', speed: [2, 1] } as const }, '2 to 1'],
    [{ motion: { type: 'subPixel', speed: [0, Number.NaN] } as const }, 'NaN'],
    [{ sizes: { training: 0.5 } }, '0.5'],
  ])('refuse %j with one sentence', (options, named) => {
    expect(() => flyingShapes(options)).toThrow(DatasetError);
    expect(() => flyingShapes(options)).toThrow(named);
  });
});
