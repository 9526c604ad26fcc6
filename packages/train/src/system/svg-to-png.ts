import { prepareRaster, type RasterOptions, type SvgToPng } from '@nem/report';
import { readFonts, readRasteriser } from './assets.js';

let prepared: Promise<SvgToPng> | undefined;

/**
 * Draws an SVG document as a PNG on white, all text in DejaVu Sans, so that a machine without fonts draws the same picture
 * as any other. Embedded images are scaled by nearest neighbour.
 *
 * @throws ReportError for a width out of range and for markup that is no SVG
 */
export async function svgToPng(svg: string, options: RasterOptions = {}): Promise<Uint8Array> {
  prepared ??= prepareRaster({ wasm: readRasteriser(), fonts: readFonts() });
  return (await prepared)(svg, options);
}
