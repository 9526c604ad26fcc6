import rasteriser from '@resvg/resvg-wasm/index_bg.wasm';
import sans from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import sansBold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';
import vectors from 'golden-vectors';

// What src/assets.ts reads from other packages, carried by the bundled command.

export const BUNDLED = true;

export const readRasteriser = (): Uint8Array => rasteriser;
export const readFonts = (): Uint8Array[] => [sans, sansBold];
export const readVectors = (): Map<string, Uint8Array> =>
  new Map(Object.entries(vectors).map(([file, vector]) => [file, new TextEncoder().encode(JSON.stringify(vector))]));
