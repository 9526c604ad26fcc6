import { encodeSafetensors, initializeParameters, modelMetadata, networkShape } from '@nem/core';
import { deriveKey } from '@nem/random';
import { findExperiment } from '@nem/train/browser';

/** Weights of the network of flying shapes as they are before training: as large and as slow as trained ones. */
export function flyingNetwork(): Uint8Array {
  const { network, mixture, components, noise } = findExperiment('flying-shapes-3');
  const { parameters } = networkShape(network, 28 * 28);
  const model = { network, mixture, components, noise, steps: 20, still: false, image: [28, 28] as const };
  const values = initializeParameters(parameters, deriveKey(0, 'parameters'));
  return encodeSafetensors(values, modelMetadata(model), { dtype: 'F16' });
}
