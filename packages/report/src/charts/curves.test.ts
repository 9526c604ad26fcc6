import { describe, expect, it } from 'vitest';
import { ReportError } from '../report-error.js';
import { type CurvesOptions, curvesSvg } from './curves.js';

const options: CurvesOptions = {
  epochs: [1, 2, 3].map((epoch) => ({ epoch, update: 10 * epoch })),
  panels: [
    { heading: 'Loss', curves: [{ name: 'loss', validation: [3, 2, 1], training: [4, 3, 2] }] },
    { heading: 'Share', range: [0, 1], curves: [{ name: 'none', validation: [], training: [Number.NaN] }] },
  ],
};
const texts = (svg: string) => Array.from(svg.matchAll(/<text [^>]*>([^<]*)</g), ([, text]) => text);

describe('curvesSvg', () => {
  it('has a panel of what is finite, by epoch, and says where nothing is', () => {
    const shown = texts(curvesSvg(options));
    expect(shown).toEqual(expect.arrayContaining(['Training', 'loss', 'epoch', '3', 'Share: no finite value']));
    expect(shown).not.toContain('none');
  });

  it('goes by update where there are losses of updates', () => {
    const shown = texts(curvesSvg({ ...options, title: 'One', losses: [{ update: 5, loss: 4 }] }));
    expect(shown).toEqual(expect.arrayContaining(['One', 'updates', '30']));
  });

  it('draws validation solid and training dashed, each value at its place in its own panel, by epoch or by update', () => {
    const share = { name: 'share', colour: '#0072b2', validation: [0.5, 0.75, 1], training: [0.25, 0.5, Number.NaN] };
    const panels = [options.panels[0], { heading: 'Share', range: [0, 1], curves: [share] }] as const;
    /** The lines of values, and the dotted ones, as points in whole pixels. */
    const lines = (more: Partial<CurvesOptions>) =>
      Array.from(
        curvesSvg({ ...options, panels, best: { epoch: 2, update: 20 }, ...more }).matchAll(
          /<path d="(M[^"]+)"[^>]* stroke="(#\w+)"([^>]*?)(?: stroke-dasharray="(\d,\d)")?( stroke-linejoin="bevel")?>/g,
        ),
      )
        .filter(([, , , , dashes, isLine]) => dashes || isLine)
        .map(([, path = '', colour, , dashes = 'solid']) => {
          const corners = path.split(/[ML]/).slice(1);
          const points = corners.map((corner) => corner.split(' ').map((length) => Math.floor(Number(length))));
          return `${colour} ${dashes}: ${points.join(' ')}`;
        })
        .sort();
    // The plots begin at 84 and 594, are 410 wide, and go from 124 down to 384: losses from 4 to 1, and shares from 1 to 0.
    expect(lines({})).toEqual([
      '#0072b2 5,3: 594,319 799,254',
      '#0072b2 solid: 594,254 799,189 1004,124',
      '#1f2328 5,3: 84,124 289,210 494,297',
      '#1f2328 solid: 84,210 289,297 494,384',
      '#8c959f 2,3: 289,384 289,124',
      '#8c959f 2,3: 799,384 799,124',
    ]);
    const losses = [4, 3, Number.NaN].map((loss, i) => ({ update: 5 + 10 * i, loss }));
    expect(lines({ losses })).toEqual([
      '#0072b2 5,3: 676,319 840,254',
      '#0072b2 solid: 676,254 840,189 1004,124',
      '#1f2328 5,3: 166,124 330,210 494,297',
      '#1f2328 solid: 166,210 330,297 494,384',
      '#8c959f 2,3: 330,384 330,124',
      '#8c959f 2,3: 840,384 840,124',
      '#8c959f solid: 84,124 248,210',
    ]);
  });

  it('marks the best epoch', () => {
    const svg = curvesSvg({ ...options, best: { epoch: 2, update: 20 } });
    expect(texts(svg).some((text) => text?.includes('epoch 2, the lowest validation loss'))).toBe(true);
    expect(svg.length).toBeGreaterThan(curvesSvg(options).length);
  });

  it('has few ticks for any range', () => {
    const ticks = (range: [number, number]) => {
      const [loss, share] = options.panels;
      const shown = { ...share, range, curves: [{ name: 'share', validation: [range[1]], training: [] }] };
      return texts(curvesSvg({ ...options, panels: [loss, shown] }));
    };
    expect(ticks([0, 500])).toEqual(expect.arrayContaining(['0', '100', '200', '300', '400', '500']));
    expect(ticks([0, 500]).length).toBeLessThan(40);
    expect(ticks([0, 1])).toEqual(expect.arrayContaining(['0.2', '0.4', '0.6', '0.8']));
  });

  it('refuses to draw nothing', () => {
    expect(() => curvesSvg({ ...options, epochs: [] })).toThrow(ReportError);
  });
});
