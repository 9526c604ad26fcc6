import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import rasteriser from '@resvg/resvg-wasm/index_bg.wasm';
import sans from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import sansBold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';
import vectors from 'golden-vectors';
import worker from 'pool-worker';
import pytorch from '../peer/pytorch.py';

// What src/system/assets.ts reads from other packages, carried by the bundled command.

export const BUNDLED = true;

export const readRasteriser = (): Uint8Array => rasteriser;
export const readFonts = (): Uint8Array[] => [sans, sansBold];
const written = new Map<string, string>();

/** A file with this text: written when it is first asked for, and removed when the command ends. */
function writtenOnce(name: string, text: string): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'nem-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  written.set(name, file);
  return file;
}

export const torchProgram = (): string => writtenOnce('pytorch.py', pytorch);
export const poolWorker = (): string => writtenOnce('pool-worker.mjs', worker);

export const readVectors = (): Map<string, Uint8Array> =>
  new Map(Object.entries(vectors).map(([file, vector]) => [file, new TextEncoder().encode(JSON.stringify(vector))]));
