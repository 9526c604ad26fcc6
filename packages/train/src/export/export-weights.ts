import { modelMetadata, readModelMetadata } from '@nem/core';
import { UsageError } from '../errors.js';
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
 *   unknown option, a file of the run, and half precision of a format without it
 */
export function exportWeights(folder: RunFolder, file: string, options: ExportOptions = {}): number {
  requireOptions(options, 'exportWeights', NAMES);
  const { format = 'safetensors', half = false } = options;
  if ([file, partOf(file)].some((written) => folder.wouldReplace(written))) {
    throw new UsageError(`${file} is a part of the run in ${folder.path}`, 'write to another file.');
  }
  const bytes = FORMATS[format].encode(trained(folder), half);
  writeWhole(file, bytes);
  return bytes.length;
}
