export { type CurvesOptions, curvesSvg } from './curves.js';
export { bestEpoch, type EpochRecord, type EpochScores, type UpdateLoss } from './epoch-record.js';
export { type ReportPicture, type RunSummary, runReport, type TestScores } from './markdown.js';
export { type OverviewOptions, type OverviewSample, overviewSvg } from './overview.js';
export { type RasterOptions, svgToPng } from './raster.js';
export { ReportError } from './report-error.js';
