// An entry of its own: ECharts takes a second to load.
export { type CurvesOptions, curvesSvg } from './curves.js';
export { type FrameScore, frameCurvesSvg } from './frame-curves.js';
export {
  DARK,
  LIGHT,
  type LineChartOptions,
  type LineChartPoint,
  type LineChartSeries,
  type LineChartTheme,
  lineChartSvg,
} from './line-chart.js';
