import { resolve } from 'node:path';
import { modelMetadata, readModelMetadata } from '@nem/core';
import { UsageError } from '../errors.js';
import { identity } from '../experiments/sources.js';
import { type Names, requireOptions } from '../require-options.js';
import type { RunFolder } from '../run/run-folder.js';
import { describeModel } from '../run/weights-metadata.js';
import { partOf, writeWhole } from '../system/files.js';
import { FORMATS, type FormatName, type Trained } from './formats.js';

/** How weights are written. */
export interface ExportOptions {
  /** Default `safetensors`. */
  readonly format?: FormatName;
  /** In half precision, rounded to the nearest, by a format that has it. Default: float32, as they were trained */
  readonly half?: boolean;
}

/** A file that is written, with its format. */
export type ExportFile = readonly [format: FormatName, file: string];

const NAMES: Names<ExportOptions> = { format: true, half: true };

/** The best weights of a run, which may be of a version that wrote no description beside them. */
function trained(folder: RunFolder): Trained {
  const { arrays: parameters, metadata: found } = folder.readBestFile();
  const { sha256: _, ...metadata } = found;
  const known = readModelMetadata(metadata);
  if (known) return { model: known.model, parameters, metadata };
  const model = describeModel(folder.readConfig().experiment);
  return { model, parameters, metadata: { ...modelMetadata(model), ...metadata } };
}

/**
 * Writes the best weights of a run, with what their file's metadata say of them, into a file of their own.
 * @returns the bytes of the file
 * @throws RunError for a run without weights, and for weights that the format or half precision does not hold; UsageError for an
 *   unknown option or format, a file of the run, and half precision of a format without it
 */
export function exportWeights(folder: RunFolder, file: string, options: ExportOptions = {}): number {
  requireOptions(options, 'exportWeights', NAMES);
  const { format = 'safetensors', half = false } = options;
  return exportFiles(folder, [[format, file]], half)[0] as number;
}

/** @throws UsageError for a format that there is not, and for a file that is the run's or another one of these */
function requireFiles(folder: RunFolder, files: readonly ExportFile[]): void {
  const known = new Set<string>();
  for (const [format, file] of files) {
    if (!Object.hasOwn(FORMATS, format)) {
      throw new UsageError(`the format is ${JSON.stringify(format)}`, `give ${Object.keys(FORMATS).join(' or ')}.`);
    }
    for (const written of [file, partOf(file)]) {
      if (folder.wouldReplace(written)) {
        throw new UsageError(`${file} is a part of the run in ${folder.path}`, 'write to another file.');
      }
      const key = identity(written) ?? resolve(written);
      if (known.has(key)) throw new UsageError(`${file} is named for two formats`, 'give each a file of its own.');
      known.add(key);
    }
  }
}

/**
 * Writes the best weights of a run into several files: all of them, or none where one of them cannot be had.
 * @returns the bytes of each
 * @throws as {@link exportWeights}, and UsageError for a file that is named twice
 */
export function exportFiles(folder: RunFolder, files: readonly ExportFile[], half: boolean): number[] {
  requireFiles(folder, files);
  const weights = trained(folder);
  const encoded = files.map(([format, file]) => ({ file, bytes: FORMATS[format].encode(weights, half) }));
  return encoded.map(({ file, bytes }) => {
    writeWhole(file, bytes);
    return bytes.length;
  });
}
