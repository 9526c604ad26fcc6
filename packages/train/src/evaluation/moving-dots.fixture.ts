import type { Dataset, Samples, Split } from '@nem/datasets';

/** Sequences (or, with one frame, still images) of two 2×2 blocks on a 6×8 image; the first moves a column a frame. */
export function movingDots(frames: number, count: number): Dataset {
  const [height, width] = [6, 8];
  return {
    name: 'moving dots',
    height,
    width,
    frames,
    objects: 2,
    sizes: { training: count, validation: count, test: count },
    draw(_split: Split, index: number, out: Samples, position: number) {
      for (let frame = 0; frame < frames; frame++) {
        const start = (frame * out.count + position) * height * width;
        out.features.fill(0, start, start + height * width);
        out.groups.fill(0, start, start + height * width);
        const paint = (row: number, column: number, group: number) => {
          for (const pixel of [0, 1, width, width + 1]) {
            out.features[start + row * width + column + pixel] = 1;
            out.groups[start + row * width + column + pixel] = group;
          }
        };
        paint(index % 3, (index + frame) % 6, 1);
        paint(4, (2 * index) % 7, 2);
      }
    },
  };
}
