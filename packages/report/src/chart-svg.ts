import { type EChartsCoreOption, init } from 'echarts/core';

/**
 * ECharts numbers the names in its markup by a counter of the process, and adds styles for hovering that a picture has no
 * use for: without both, equal data give equal bytes.
 */
function withoutRunningNumbers(svg: string): string {
  return svg
    .replace(/<style\s*>.*?<\/style>/gs, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-c/g, 'clip-');
}

/** Draws a chart as an SVG document. The caller registers the charts and components that it uses. */
export function chartSvg(option: EChartsCoreOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return withoutRunningNumbers(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** Short enough for an axis at any size of number. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 1e6);
  return plain ? String(Number(value.toPrecision(6))) : value.toExponential().replace('e+', 'e');
}

/** Of an axis of whole numbers (epochs, frames, objects): nothing at what lies between them. */
export const formatWholeTick = (value: number): string => (Number.isInteger(value) ? formatTick(value) : '');

/** The range of an axis of whole numbers; a single one stands in the middle. */
export function wholeRange(values: readonly number[]): { min: number; max: number } {
  const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (values.length === 0) return { min: 0, max: 1 };
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}
