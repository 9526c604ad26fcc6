import { type Dataset, defineDataset } from '@nem/datasets';

/** Sequences (or, with one frame, still images) of two 2×2 blocks on a 6×8 image; the first moves a column a frame. */
export function movingDots(frames: number, count: number): Dataset {
  return defineDataset({
    name: 'moving dots',
    height: 6,
    width: 8,
    frames,
    objects: 2,
    sizes: { training: count, validation: count, test: count },
    draw({ index, light }) {
      for (let frame = 0; frame < frames; frame++) {
        const block = (group: number, row: number, column: number) => {
          for (const [down, right] of [
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
          ] as const)
            light(group, row + down, column + right, 1, frame);
        };
        block(1, index % 3, (index + frame) % 6);
        block(2, 4, (2 * index) % 7);
      }
    },
  });
}
