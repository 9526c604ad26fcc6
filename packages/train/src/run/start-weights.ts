import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, type Engine, encodeSafetensors, type NamedArrays, NetworkError } from '@nem/core';
import { modelNames, weightsUrl } from '@nem/models';
import { UsageError } from '../errors.js';
import { readWhole, reason } from '../system/files.js';
import { type Checkpoint, decodeCheckpoint, isCheckpoint, openSafetensors } from './checkpoint.js';
import { type Origin, trainingOf } from './origin.js';
import { readConfigText } from './run-config.js';
import { CONFIG, LARGEST_WEIGHTS } from './run-files.js';
import { RunFolder, type WeightsFile } from './run-folder.js';
import { weightsMetadata } from './weights-metadata.js';

/** Weights that a run starts from. */
interface StartWeights {
  readonly parameters: NamedArrays;
  readonly origin: Origin;
}

/** A digest of weights, whatever file they are in. */
export const digestOf = (parameters: NamedArrays): string =>
  createHash('sha256').update(encodeSafetensors(parameters)).digest('hex');

/** The weights at which training stood, whatever the best ones were. */
function checkpointWeights({ parameters, config, state }: Checkpoint): WeightsFile {
  const { epoch, update } = state;
  return { arrays: parameters, metadata: weightsMetadata(readConfigText(config), { epoch, update }) };
}

/** A safetensors file of weights, whose checksum is looked at where it has one of ours; or a checkpoint. */
function readFile(file: string): WeightsFile {
  const remedy = 'give another run or file of weights';
  const bytes = readWhole(file, LARGEST_WEIGHTS, remedy);
  try {
    const decoded = decodeSafetensors(bytes);
    if (isCheckpoint(decoded.metadata)) return checkpointWeights(decodeCheckpoint(bytes));
    return decoded.metadata.sha256 === undefined ? decoded : openSafetensors(bytes);
  } catch (error) {
    throw new UsageError(`${file} cannot be started from (${reason(error)})`, `${remedy}.`);
  }
}

/** The best weights of a run, or those of a file, a checkpoint or a model. As in `loadModel`, a model's name stands before a folder of that name. */
function read(source: string): WeightsFile {
  const model = weightsUrl(source);
  if (model) return readFile(fileURLToPath(model));
  if (!existsSync(source))
    throw new UsageError(
      `there is no ${source} to start from`,
      `give a run, a file of weights, or a model: ${modelNames.join(', ')}.`,
    );
  if (!statSync(source).isDirectory()) return readFile(source);
  if (existsSync(join(source, CONFIG))) return new RunFolder(source).readBestFile();
  throw new UsageError(`${source} has no run to start from`, 'give the folder of a run, or a file of weights.');
}

/**
 * Weights to start from.
 * @param source a run folder, whose best weights are taken, a safetensors file of a network's parameters, a checkpoint, which stands for the
 *   weights at which training stood, or the name of a model of @nem/models
 * @throws UsageError for a source that is none of these; RunError for a run without weights, and for a file that cannot be read
 */
export function readStartWeights(source: string): StartWeights {
  const { arrays, metadata } = read(source);
  const trained = trainingOf(metadata);
  return { parameters: arrays, origin: { source, sha256: digestOf(arrays), ...(trained && { trained }) } };
}

/**
 * Puts them into an engine.
 * @throws UsageError where they are of another network
 */
export function setStartWeights(engine: Engine, { parameters, origin }: StartWeights, experiment: string): void {
  try {
    engine.setParameters(parameters);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new UsageError(`the weights of ${origin.source} do not fit ${experiment}: ${error.message}`);
  }
}
