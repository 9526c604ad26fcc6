import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { View } from '../../instructions/instruction.js';
import { Layout } from './layout.js';

it('gives arrays that do not meet, on cache lines, and takes released memory again', () => {
  const steps = fc.array(fc.record({ length: fc.integer({ min: 1, max: 100 }), release: fc.nat() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (steps) => {
      const layout = new Layout();
      const held: View[] = [];
      for (const { length, release } of steps) {
        const view = layout.allocate(length);
        expect(view.at % 16).toBe(0);
        expect(view.at + length).toBeLessThanOrEqual(layout.floats);
        for (const { at, length: other } of held) expect(at >= view.at + length || view.at >= at + other).toBe(true);
        held.push(view);
        if (release % 2) layout.release(held.splice(release % held.length, 1)[0]!);
      }
      const { floats } = layout;
      for (const view of held) layout.release(view);
      if (floats > 0) expect(layout.allocate(floats)).toEqual({ at: 0, length: floats });
      expect(layout.floats).toBe(floats);
    }),
    { seed: 14 },
  );
});
