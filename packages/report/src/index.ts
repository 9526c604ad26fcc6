export type {
  DocumentBlock,
  DocumentCell,
  DocumentChart,
  DocumentLinkedPicture,
  DocumentPicture,
  DocumentSection,
  DocumentTable,
  ReportDocument,
} from './documents/document.js';
export { documentHtml } from './documents/document-html.js';
export { documentMarkdown } from './documents/document-markdown.js';
export { componentColour, type Rgb, toHex } from './palette.js';
export { type PreviewSamples, samplesToGif, samplesToPng } from './pictures/data-preview.js';
export { groupingAnimation, groupingPicture, type PictureGrouping } from './pictures/grouping-picture.js';
export { type OverviewOptions, type OverviewSample, overviewSvg } from './pictures/overview.js';
export { prepareRaster, type RasterFiles, type RasterOptions, type SvgToPng } from './pictures/raster.js';
export { ReportError } from './report-error.js';
export { type DurationOptions, formatDuration, wrapText } from './words.js';
