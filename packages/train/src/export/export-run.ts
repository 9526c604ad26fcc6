import { option, UsageError } from '../errors.js';
import { bestEpoch } from '../run/epoch-record.js';
import type { RunFolder } from '../run/run-folder.js';
import { describeModel, weightsMetadata } from '../run/weights-metadata.js';
import { partOf, writeWhole } from '../system/files.js';
import { FORMAT_NAMES, FORMATS, type FormatName, type Trained } from './formats.js';

/** A file that was written. */
export interface ExportedFile {
  readonly format: FormatName;
  readonly file: string;
  readonly bytes: number;
}

function trained(folder: RunFolder): Trained {
  const config = folder.readConfig();
  return {
    model: describeModel(config.experiment),
    parameters: folder.readBest(),
    metadata: weightsMetadata(config, bestEpoch(folder.readEpochs())),
  };
}

/** @throws UsageError for a file of the run itself */
function requireOutside(folder: RunFolder, format: FormatName, file: string): void {
  if (![file, partOf(file)].some((written) => folder.wouldReplace(written))) return;
  throw new UsageError([option(format), ` would write over ${file}, which belongs to the run`], 'give another file.');
}

/**
 * Writes the best weights of a run in other forms.
 * @param files by form
 * @throws UsageError without a file, and for one of the run itself; RunError for files that cannot be read or written
 */
export function exportRun(folder: RunFolder, files: Readonly<Partial<Record<FormatName, string>>>): ExportedFile[] {
  const wanted = FORMAT_NAMES.flatMap((format) =>
    files[format] === undefined ? [] : [{ format, file: files[format] }],
  );
  if (wanted.length === 0) {
    const names = FORMAT_NAMES.flatMap((name, i) => [i === 0 ? '' : ' or ', option(name)]);
    throw new UsageError('there is nothing to write', ['give ', ...names, ' with a file.']);
  }
  for (const { format, file } of wanted) requireOutside(folder, format, file);
  const network = trained(folder);
  return wanted.map(({ format, file }) => {
    const bytes = FORMATS[format].encode(network);
    writeWhole(file, bytes);
    return { format, file, bytes: bytes.length };
  });
}
