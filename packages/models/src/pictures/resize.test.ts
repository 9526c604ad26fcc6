import { expect, it } from 'vitest';
import { resize } from './resize.js';

it('stays in [0, 1] for any size, whatever rounding covers', () => {
  for (let size = 1; size <= 40; size++) {
    for (const to of [1, 3, 7, 13, 28]) {
      for (const [grey, outside] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        const scale = Math.max(size, 11) / to;
        const area = { x: (size - to * scale) / 2, y: (11 - to * scale) / 2, width: to * scale, height: to * scale };
        const found = resize(new Float32Array(11 * size).fill(grey), [11, size], area, [to, to], outside);
        expect(found.every((value) => value >= 0 && value <= 1)).toBe(true);
        // One grey value in and around the picture stays as it is.
        if (grey === outside) expect(found.every((value) => Math.abs(value - grey) < 1e-6)).toBe(true);
      }
    }
  }
});
