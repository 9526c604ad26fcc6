import { describe, expect, it } from 'vitest';
import { componentColour } from '../palette.js';
import { groupColours } from './group-colours.js';
import type { OverviewSample } from './overview-sample.js';

/** A sample of one row of pixels whose γ is 1 for one component each: `owners` and `groups` by step and pixel. */
function sampleOf(components: number, groups: number[][], owners: number[][]): OverviewSample {
  const width = groups[0]!.length;
  const gamma = owners.flatMap((frame) =>
    Array.from({ length: components }, (_, k) => frame.map((owner) => (owner === k ? 1 : 0))).flat(),
  );
  const frames = new Float32Array(groups.length * width);
  return {
    height: 1,
    width,
    steps: groups.length,
    components,
    inputs: frames,
    groups: Uint8Array.from(groups.flat()),
    gamma: Float32Array.from(gamma),
    predictions: new Float32Array(gamma.length),
  };
}

describe('groupColours', () => {
  it('gives a group the colour of its component', () => {
    const colours = groupColours(sampleOf(3, [[0, 1, 1, 2, 2]], [[0, 2, 2, 1, 1]]));
    expect(colours.slice(1)).toEqual([componentColour(2), componentColour(1)]);
  });

  it('matches one to one, the largest share first', () => {
    const colours = groupColours(sampleOf(2, [[1, 1, 2, 2, 2]], [[0, 1, 0, 0, 0]]));
    expect(colours.slice(1)).toEqual([componentColour(1), componentColour(0)]);
  });

  it('looks at the later half of the steps', () => {
    const frame = [1, 1, 2];
    const early = [0, 0, 1];
    const late = [1, 1, 0];
    const colours = groupColours(sampleOf(2, [frame, frame, frame, frame], [early, early, late, late]));
    expect(colours.slice(1)).toEqual([componentColour(1), componentColour(0)]);
  });

  it('gives groups without a component colours that no component has', () => {
    const colours = groupColours(sampleOf(1, [[1, 2, 2, 3]], [[0, 0, 0, 0]]));
    expect(colours.slice(1)).toEqual([componentColour(1), componentColour(0), componentColour(2)]);
  });

  it('takes γ of NaN for no share', () => {
    const sample = sampleOf(2, [[1, 2]], [[1, 0]]);
    sample.gamma.fill(Number.NaN);
    expect(groupColours(sample).slice(1)).toEqual([componentColour(2), componentColour(3)]);
  });
});
