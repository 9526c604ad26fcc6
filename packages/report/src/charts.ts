// An entry of its own: ECharts takes a second to load.
export { type ChartTheme, DARK, LIGHT } from './charts/chart.js';
export { type Curve, type CurvesEpoch, type CurvesOptions, type CurvesPanel, curvesSvg } from './charts/curves.js';
export { type FrameCurvesOptions, type FrameScore, frameCurvesSvg } from './charts/frame-curves.js';
export { type LineChartOptions, type LineChartPoint, type LineChartSeries, lineChartSvg } from './charts/line-chart.js';
