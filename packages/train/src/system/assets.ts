import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageFile } from './package-file.js';

// The bundled command has another module in place of this one, which carries the files: see bundle/assets.ts.

const { resolve } = createRequire(import.meta.url);

/** Whether this is the command as one file. */
export const BUNDLED = false;

/** The rasteriser, and the fonts that pictures are set in. */
export const readRasteriser = (): Uint8Array => readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm'));
export const readFonts = (): Uint8Array[] =>
  // The build has put them there: the package that they are from has ten times as many.
  ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => readFileSync(packageFile(`dist/fonts/${name}.ttf`)));

/** The program that computes the same model in PyTorch: its file. */
export const torchProgram = (): string => packageFile('peer/pytorch.py');

/** The program of a worker thread of the pool: its file. */
export const poolWorker = (): string => packageFile('dist/pool-worker.js');

/** The golden vectors that @nem/core ships, by file. */
export function readVectors(): Map<string, Uint8Array> {
  const folder = join(dirname(resolve('@nem/core/package.json')), 'vectors');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(files.map((file) => [file, readFileSync(join(folder, file))]));
}
