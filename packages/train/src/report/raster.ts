import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readFonts, readRasteriser } from '../system/assets.js';
import { ReportError } from './report-error.js';

/** The rasteriser's number for it. It does not know `image-rendering: pixelated`, and would blur the frames. */
const NEAREST_NEIGHBOUR = 1;

let fonts: Promise<Uint8Array[]> | undefined;

/** Compiles the rasteriser and reads the fonts, once a process. */
function prepare(): Promise<Uint8Array[]> {
  fonts ??= (async () => {
    await initWasm(readRasteriser());
    return readFonts();
  })();
  return fonts;
}

export interface RasterOptions {
  /** Width of the PNG in pixels, an integer of at least 1. Default: twice the SVG's own width. */
  readonly width?: number;
}

/**
 * Draws an SVG document as a PNG on white. All text is set in DejaVu Sans, so a machine without fonts draws the same
 * picture as any other. Embedded images are scaled by nearest neighbour.
 *
 * @throws ReportError for a width out of range and for markup that is no SVG
 */
export async function svgToPng(svg: string, { width }: RasterOptions = {}): Promise<Uint8Array> {
  if (width !== undefined && (!Number.isSafeInteger(width) || width < 1)) {
    throw new ReportError(`The width of the picture is ${width}: give an integer of at least 1.`);
  }
  const fontBuffers = await prepare();
  return draw(svg, {
    fitTo: width === undefined ? { mode: 'zoom', value: 2 } : { mode: 'width', value: width },
    imageRendering: NEAREST_NEIGHBOUR,
    background: 'white',
    font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
}

/** The memory of WebAssembly objects is not collected: both are freed here. */
function draw(svg: string, options: ConstructorParameters<typeof Resvg>[1]): Uint8Array {
  const tree = parse(svg, options);
  try {
    const image = tree.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    tree.free();
  }
}

function parse(svg: string, options: ConstructorParameters<typeof Resvg>[1]): InstanceType<typeof Resvg> {
  try {
    return new Resvg(svg, options);
  } catch (error) {
    throw new ReportError(`The picture is no SVG that can be drawn (${String(error)}): give a whole SVG document.`, {
      cause: error,
    });
  }
}
