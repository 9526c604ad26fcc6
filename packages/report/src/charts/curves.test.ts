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
