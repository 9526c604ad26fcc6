import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import rasteriser from '@resvg/resvg-wasm/index_bg.wasm';
import sans from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import sansBold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';
import vectors from 'golden-vectors';
import pytorch from '../peer/pytorch.py';

// What src/system/assets.ts reads from other packages, carried by the bundled command.

export const BUNDLED = true;

export const readRasteriser = (): Uint8Array => rasteriser;
export const readFonts = (): Uint8Array[] => [sans, sansBold];
let torchFile: string | undefined;

/** Written when it is first asked for, and removed when the command ends. */
export function torchProgram(): string {
  if (torchFile !== undefined) return torchFile;
  const folder = mkdtempSync(join(tmpdir(), 'nem-torch-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  torchFile = join(folder, 'pytorch.py');
  writeFileSync(torchFile, pytorch);
  return torchFile;
}

export const readVectors = (): Map<string, Uint8Array> =>
  new Map(Object.entries(vectors).map(([file, vector]) => [file, new TextEncoder().encode(JSON.stringify(vector))]));
