import { setFlagsFromString } from 'node:v8';
import { prepareRaster, type RasterOptions, type SvgToPng } from '@nem/report';
import { readFonts, readRasteriser } from './assets.js';

/**
 * V8 compiles a function of WebAssembly anew, and slowly, once it has run for about so many bytes. The few pictures of a report are drawn
 * before the rasteriser gains from that: with this budget they take half the time, and less than half of the processor's. The
 * budget holds for the whole process, so that it is set for this module alone; later ones get the default of V8 since Node 22.
 */
const TIERING_BUDGET = { rasteriser: 500_000_000, others: 13_000_000 };

const setBudget = (bytes: number) => setFlagsFromString(`--wasm-tiering-budget=${bytes}`);

async function prepare(): Promise<SvgToPng> {
  setBudget(TIERING_BUDGET.rasteriser);
  try {
    return await prepareRaster({ wasm: readRasteriser(), fonts: readFonts() });
  } finally {
    setBudget(TIERING_BUDGET.others);
  }
}

let prepared: Promise<SvgToPng> | undefined;

/**
 * Draws an SVG document as a PNG on white, all text in DejaVu Sans, so that a machine without fonts draws the same picture
 * as any other. Embedded images are scaled by nearest neighbour.
 *
 * @throws ReportError for a width out of range and for markup that is no SVG
 */
export async function svgToPng(svg: string, options: RasterOptions = {}): Promise<Uint8Array> {
  prepared ??= prepare();
  return (await prepared)(svg, options);
}
