import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { ReportError } from '../report-error.js';
import { type Names, requireOptions } from '../require-options.js';

/** The rasteriser's number for it. It does not know `image-rendering: pixelated`, and would blur the frames. */
const NEAREST_NEIGHBOUR = 1;

/** The files that pictures are drawn with: whoever calls reads or fetches them. */
export interface RasterFiles {
  /** `@resvg/resvg-wasm/index_bg.wasm`. */
  readonly wasm: Uint8Array;
  /** TrueType or OpenType fonts, at least DejaVu Sans: a text in a font that is not among these is set in it. */
  readonly fonts: readonly Uint8Array[];
}

export interface RasterOptions {
  /** Width of the PNG in pixels, an integer of at least 1. Default: twice the SVG's own width. */
  readonly width?: number;
}

/**
 * Draws an SVG document as a PNG on white. Equal documents give equal bytes on every machine: no font of the machine is
 * used. Embedded images are scaled by nearest neighbour.
 *
 * @throws ReportError for an unknown option, a width out of range and for markup that is no SVG
 */
export type SvgToPng = (svg: string, options?: RasterOptions) => Uint8Array;

const FILES: Names<RasterFiles> = { wasm: true, fonts: true };
const NAMES: Names<RasterOptions> = { width: true };

let compiled: Promise<void> | undefined;

/** The rasteriser can be compiled only once in a process or page. */
async function compile(wasm: Uint8Array): Promise<void> {
  compiled ??= initWasm(wasm);
  try {
    await compiled;
  } catch (error) {
    compiled = undefined;
    throw new ReportError(
      `The rasteriser cannot be compiled (${String(error)}): give index_bg.wasm of @resvg/resvg-wasm.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Compiles the rasteriser; from then on pictures are drawn without waiting. A second call takes other fonts, and the
 * rasteriser of the first.
 *
 * @throws ReportError for an unknown field and for bytes that are no rasteriser
 */
export async function prepareRaster(files: RasterFiles): Promise<SvgToPng> {
  requireOptions(files, 'prepareRaster', FILES);
  const { wasm, fonts } = files;
  await compile(wasm);
  const font = { fontBuffers: [...fonts], defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' };
  return (svg, options = {}) => {
    requireOptions(options, 'svgToPng', NAMES);
    const { width } = options;
    if (width !== undefined && (!Number.isSafeInteger(width) || width < 1)) {
      throw new ReportError(`The width of the picture is ${width}: give an integer of at least 1.`);
    }
    return draw(svg, {
      fitTo: width === undefined ? { mode: 'zoom', value: 2 } : { mode: 'width', value: width },
      imageRendering: NEAREST_NEIGHBOUR,
      background: 'white',
      font,
    });
  };
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
