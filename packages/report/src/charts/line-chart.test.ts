import { describe, expect, it } from 'vitest';
import { ReportError } from '../report-error.js';
import { DARK } from './chart.js';
import { lineChartSvg } from './line-chart.js';

const series = ['first <one>', 'second'].map((name, i) => ({
  name,
  points: [1, 2, 3, 4].map((x) => ({ x, y: x + i, low: x + i - 0.5, high: x + i + 0.5 })),
}));
const options = { title: 'A & B', xName: 'epoch', yName: 'loss', series } as const;
const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;

describe('lineChartSvg', () => {
  it('has a legend of each series, its line, and its band in the same colour', () => {
    const svg = lineChartSvg(options);
    expect(svg).toContain('first &lt;one&gt;');
    for (const colour of ['#0072b2', '#e69f00']) {
      expect(count(svg, new RegExp(`stroke="${colour}"`, 'g'))).toBeGreaterThan(1);
      expect(count(svg, new RegExp(`fill="${colour}"[^>]*fill-opacity|opacity[^>]*fill="${colour}"`, 'g'))).toBe(1);
    }
  });

  it('has ticks of any numbers, and of whole ones where all are', () => {
    const ticks = (step: number) => {
      const points = [1, 2, 3].map((x) => ({ x: x * step, y: 7 }));
      return lineChartSvg({ ...options, series: [{ name: 'a', points }] });
    };
    expect(ticks(0.1)).toMatch(/>0\.2<\/text>/);
    expect(ticks(1)).not.toMatch(/>1\.5<\/text>/);
  });

  it('has many names in columns, and is as high as the longest of these', () => {
    const many = (count: number, name: string) =>
      lineChartSvg({
        ...options,
        series: Array.from({ length: count }, (_, i) => ({ name: `${name} ${i}`, points: [{ x: i, y: i }] })),
      });
    const height = (svg: string) => Number(/height="(\d+)"/.exec(svg)?.[1]);
    expect(height(many(6, 'a'))).toBeGreaterThan(height(many(5, 'a')));
    expect(height(many(18, 'a name'))).toBe(height(many(6, 'a name')));
    expect(height(many(18, 'two of these fit side by side'))).toBe(height(many(9, 'a name'.repeat(20))));
    const columns = new Set(
      [...many(18, 'a name').matchAll(/translate\((\d+(?:\.\d+)?) [\d.]+\)[^>]*>a name/g)].map(([, x]) => x),
    );
    expect(columns.size).toBe(3);
  });

  it('draws an upright with two caps for every point with bars', () => {
    const bare = lineChartSvg({
      ...options,
      series: series.map(({ name, points }) => ({ name, points: points.map(({ x, y }) => ({ x, y })) })),
    });
    const bars = lineChartSvg({ ...options, spread: 'bars' });
    const strokes = (svg: string) => count(svg, /stroke="#0072b2"/g);
    expect(strokes(bars) - strokes(bare)).toBe(3 * 4);
  });

  it('draws lines, bands and bars at their values, and a gap where there is none', () => {
    const points = [
      { x: 0, y: 2, low: 1, high: 3 },
      { x: 1, y: 3, low: 2, high: 5 },
      { x: 2, y: 4, low: 3 },
      { x: 3, y: Number.NaN },
      { x: 4, y: 2 },
    ];
    // The plot goes from 76 to 736, and of values from 0 to 5 from 384 up to 84.
    const drawn = (spread: 'band' | 'bars') =>
      lineChartSvg({ ...options, yRange: [0, 5], spread, series: [{ name: 'a', points }] });
    for (const svg of [drawn('band'), drawn('bars')]) expect(svg).toContain('d="M76 264L241 204L406 144M736 264"');
    expect(drawn('band')).toContain('points="76 204 241 84 241 264 76 324"');
    const bars = [...drawn('bars').matchAll(/d="([^"]*)"[^>]*stroke="#0072b2" stroke-width="1.5"/g)];
    expect(bars.map(([, path]) => path)).toEqual([
      ...['M76 324L76 204', 'M71 324L81 324', 'M71 204L81 204'],
      ...['M241 264L241 84', 'M236 264L246 264', 'M236 84L246 84'],
    ]);
  });

  it('has a dot for each of few points, of many for what stands alone, which a line would not show', () => {
    const dots = (count: number) => {
      const points = Array.from({ length: count }, (_, x) => ({ x, y: x === count - 2 ? Number.NaN : 1 }));
      const svg = lineChartSvg({ ...options, series: [{ name: 'a', points }] });
      return Array.from(svg.matchAll(/matrix\(3,0,0,3,([\d.]+),/g), ([, x]) => Number(x));
    };
    expect(dots(25)).toHaveLength(24);
    expect(dots(26)).toEqual([736]);
    // A single point is in the middle of its axis.
    const one = lineChartSvg({ ...options, series: [{ name: 'a', points: [{ x: 7, y: 1 }] }] });
    expect(one).toContain('matrix(3,0,0,3,406,');
  });

  it('shows what lies below its range, and the whole of every band', () => {
    const heights = (points: (typeof series)[number]['points'], yRange?: readonly [number, number]) => {
      const svg = lineChartSvg({ ...options, yRange, series: [{ name: 'a', points }] });
      return Array.from(
        svg.matchAll(/(?: d="M|points=")([\d. L-]+)"(?![^>]*transform)[^>]*="#0072b2"/g),
        ([, path = '']) => path.split(/[ L]/).filter((_, i) => i % 2 === 1),
      )
        .flat()
        .map(Number);
    };
    const wide = [0, 1].map((x) => ({ x, y: 1, low: -9, high: 9 }));
    for (const found of [heights(wide), heights(wide, [0, 9])]) {
      expect(found.length).toBeGreaterThan(5);
      for (const y of found) expect(y >= 84 && y <= 384).toBe(true);
    }
  });

  it('is dark where asked', () => {
    expect(lineChartSvg({ ...options, theme: DARK })).toContain(`fill="${DARK.paper}"`);
    expect(lineChartSvg(options)).not.toContain(DARK.paper);
  });

  it('gives equal bytes for equal options, draws no NaN and no series that is empty', () => {
    expect(lineChartSvg(options)).toBe(lineChartSvg(options));
    const gaps = [
      {
        name: 'gaps',
        points: [
          { x: 1, y: Number.NaN },
          { x: 2, y: 3 },
        ],
      },
      { name: 'none', points: [] },
    ];
    expect(lineChartSvg({ ...options, series: gaps })).not.toContain('NaN');
    expect(() => lineChartSvg({ ...options, series: [] })).toThrow(ReportError);
  });
});
