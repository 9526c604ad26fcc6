import { drawSamples, flyingShapes, staticShapes } from '@nem/datasets';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { componentColour } from '../palette.js';
import { ReportError } from '../report-error.js';
import { samplesToGif, samplesToPng } from './data-preview.js';

const flying = drawSamples(flyingShapes({ frames: 21, seed: 2 }), 'test', [0, 1, 2]);

/** Counts of the picture's colours. */
function colours(png: Uint8Array): Map<string, number> {
  const { data } = decode(png);
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 3) {
    const colour = data.subarray(i, i + 3).join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

describe('the picture of a dataset', () => {
  it('shows frames and groups, every pixel of them', () => {
    const still = drawSamples(staticShapes({ seed: 1 }), 'test', [0, 1]);
    const picture = samplesToPng(still);
    expect(decode(picture)).toMatchObject({ width: 2 * (84 + 4) + 4, height: 2 * (84 + 4) + 4 + 4, channels: 3 });
    const seen = colours(picture);
    for (let group = 1; group <= 3; group++) {
      const pixels = still.groups.filter((value) => value === group).length;
      expect(seen.get(componentColour(group - 1).join()) ?? 0).toBe(9 * pixels);
    }
    const overlap = still.groups.filter((value, i) => value === 0 && still.features[i] === 1).length;
    expect(seen.get('128,128,128') ?? 0).toBe(9 * overlap);
  });

  it('shows sequences as lines of at most 11 frames, each with its own groups below', () => {
    const { width, height, data } = decode(samplesToPng(flying));
    expect([width, height]).toEqual([11 * 88 + 4, 3 * (2 * 88 + 4) + 4]);
    const colourAt = (x: number, y: number) => data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3).join();
    const colourOf = (group: number, feature: number) => {
      if (group > 0) return componentColour(group - 1).join();
      return feature > 0 ? '128,128,128' : '0,0,0';
    };
    for (let sample = 0; sample < 3; sample++) {
      for (let column = 0; column < 11; column++) {
        const start = (2 * column * 3 + sample) * 784;
        const [x, y] = [4 + 88 * column, 4 + (2 * 88 + 4) * sample];
        for (let pixel = 0; pixel < 784; pixel++) {
          const [feature, group] = [flying.features[start + pixel]!, flying.groups[start + pixel]!];
          const [right, down] = [x + 3 * (pixel % 28), y + 3 * Math.floor(pixel / 28)];
          const seen = [colourAt(right, down), colourAt(right, down + 88)];
          if (seen[0] !== (feature > 0 ? '255,255,255' : '0,0,0')) throw new Error(`a frame has ${seen[0]}`);
          if (seen[1] !== colourOf(group, feature)) throw new Error(`the group ${group} has ${seen[1]}`);
        }
      }
    }
  });

  it('is animated with one frame for each of the sequence', () => {
    const gif = Buffer.from(samplesToGif(flying));
    expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
    expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([2 * (2 * 88 + 4), 2 * 88 + 4]);
    // A graphic control extension before every frame, with the delay in hundredths of a second.
    const control = Buffer.from([0x21, 0xf9, 0x04]);
    const frames: string[] = [];
    for (let at = gif.indexOf(control); at >= 0; at = gif.indexOf(control, at + 1)) {
      expect(gif.readUInt16LE(at + 4)).toBe(12);
      frames.push(gif.subarray(at, gif.indexOf(control, at + 1)).toString('latin1'));
    }
    expect(frames).toHaveLength(21);
    // The shapes have moved from each to the next.
    expect(new Set(frames).size).toBe(21);
  });
});

it.each([samplesToPng, samplesToGif])(
  'names a field of the samples that is missing, and arrays of other lengths: %o',
  (draw) => {
    const { groups: _, ...rest } = flying;
    expect(() => draw(rest as never)).toThrow(new ReportError('groups of the samples is missing: give a Uint8Array.'));
    expect(() => draw({ ...flying, count: 2 })).toThrow(ReportError);
    expect(() => draw({ ...flying, count: 2 })).toThrow(
      /^the samples have \d+ pixels and \d+ groups: give \d+ of each\.$/,
    );
    const none = { ...flying, count: 0, features: new Float32Array(0), groups: new Uint8Array(0) };
    expect(() => draw(none)).toThrow('the samples have 0 pixels and 0 groups: give at least one sample.');
  },
);
