import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareRaster, type RasterFiles } from './raster.js';

const { resolve } = createRequire(import.meta.url);
const read = (file: string) => readFileSync(resolve(file));

/** The rasteriser and the fonts of the installed packages. */
export const files: RasterFiles = {
  wasm: read('@resvg/resvg-wasm/index_bg.wasm'),
  fonts: ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => read(`dejavu-fonts-ttf/ttf/${name}.ttf`)),
};

export const svgToPng = await prepareRaster(files);
