export { type PreviewSamples, samplesToGif, samplesToPng } from './data-preview.js';
export type {
  DocumentBlock,
  DocumentCell,
  DocumentChart,
  DocumentLinkedPicture,
  DocumentPicture,
  DocumentSection,
  DocumentTable,
  ReportDocument,
} from './document.js';
export { documentHtml } from './document-html.js';
export { documentMarkdown } from './document-markdown.js';
export { groupingAnimation, groupingPicture, type PictureGrouping } from './grouping-picture.js';
export { type OverviewOptions, type OverviewSample, overviewSvg } from './overview.js';
export { componentColour, type Rgb, toHex } from './palette.js';
export { prepareRaster, type RasterFiles, type RasterOptions, type SvgToPng } from './raster.js';
export { ReportError } from './report-error.js';
export { type DurationOptions, formatDuration, wrapText } from './words.js';
