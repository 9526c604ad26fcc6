export { type PreviewSamples, previewAnimation, previewPicture } from './data-preview.js';
export type {
  DocumentBlock,
  DocumentChart,
  DocumentPicture,
  DocumentSection,
  DocumentTable,
  ReportDocument,
} from './document.js';
export { documentHtml } from './document-html.js';
export { documentMarkdown } from './document-markdown.js';
export { bestEpoch, type EpochRecord, type EpochScores, type UpdateLoss } from './epoch-record.js';
export { type ReportPicture, type RunSummary, runReport, type TestScores } from './markdown.js';
export { code, escapeMarkdown, linkTarget, table } from './markdown-text.js';
export { type OverviewOptions, type OverviewSample, overviewSvg } from './overview.js';
export { componentColour, type Rgb, toHex } from './palette.js';
export { prepareRaster, type RasterFiles, type RasterOptions, type SvgToPng } from './raster.js';
export { ReportError } from './report-error.js';
