import {
  decodeSafetensors,
  type JsonObject,
  type ModelDescription,
  ModelMetadataError,
  type NamedArrays,
  networkShape,
  readModelMetadata,
  requireParameters,
  SafetensorsError,
} from '@nem/core';
import { ModelError } from './model-error.js';

/** A trained network out of a file. */
export interface TrainedNetwork {
  readonly description: ModelDescription;
  /** How it was trained, as the trainer wrote it. */
  readonly training: JsonObject | undefined;
  readonly parameters: NamedArrays;
}

/** What a run folder's `config.json` says, where the weights in it are older than their metadata. */
type Described = () => Promise<ModelDescription | undefined>;

/**
 * Reads the bytes of a safetensors file with a network's parameters.
 * @param source how messages name the file
 * @param described what is known of the network otherwise
 * @throws ModelError for a file that is damaged, describes no network, or holds the parameters of another one
 */
export async function readWeights(bytes: Uint8Array, source: string, described: Described): Promise<TrainedNetwork> {
  try {
    const { arrays: parameters, metadata } = decodeSafetensors(bytes);
    const found = readModelMetadata(metadata);
    const description = found?.model ?? (await described());
    if (!description) {
      throw new ModelError(
        `${source} says nothing of its network in its metadata: give the run folder that it is from, or evaluate and export that run anew.`,
      );
    }
    const [height, width] = description.image;
    requireParameters(networkShape(description.network, height * width).parameters, parameters);
    return { description, training: found?.training, parameters };
  } catch (error) {
    // Its code makes it a ModelError too.
    if (error instanceof ModelMetadataError) throw new ModelError(`in ${source}, ${error.message}`);
    if (error instanceof ModelError) throw error;
    if (error instanceof SafetensorsError) throw new ModelError(`${source}: ${lowerCase(error.message)}`);
    throw new ModelError(`${source} does not fit its network: ${(error as Error).message}`);
  }
}

const lowerCase = (sentence: string) => `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
