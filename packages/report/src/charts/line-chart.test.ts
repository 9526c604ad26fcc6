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
