import { dirname } from 'node:path';
import { SafetensorsError } from '@nem/core';
import { RunError, UsageError } from '../errors.js';
import { makeFolder, writeWhole } from '../system/files.js';
import { sealSafetensors } from './checkpoint.js';
import type { RunFolder } from './run-folder.js';

/** How weights are written. */
export interface ExportOptions {
  /** In half precision, rounded to the nearest. Default: float32, as they were trained */
  readonly half?: boolean;
}

/**
 * Writes the best weights of a run, with what their file's metadata say of them, into a safetensors file of their own.
 * @returns the bytes of the file
 * @throws RunError for a run without weights, and for weights that half precision does not hold; UsageError for a file of the run
 */
export function exportWeights(folder: RunFolder, file: string, { half = false }: ExportOptions = {}): number {
  if (folder.wouldReplace(file)) {
    throw new UsageError(`${file} is a part of the run in ${folder.path}`, 'write to another file.');
  }
  const { arrays, metadata } = folder.readBestFile();
  const bytes = encode(arrays, metadata, half);
  makeFolder(dirname(file));
  writeWhole(file, bytes);
  return bytes.length;
}

function encode(
  arrays: Parameters<typeof sealSafetensors>[0],
  { sha256: _, ...metadata }: Record<string, string>,
  half: boolean,
) {
  try {
    return sealSafetensors(arrays, metadata, { dtype: half ? 'F16' : 'F32' });
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new RunError(error.message);
  }
}
