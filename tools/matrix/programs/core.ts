import { decodeSafetensors, encodeSafetensors, initializeParameters, networkShape } from '@nem/core';
import { deriveKey } from '@nem/random';

export async function use() {
  const { parameters } = networkShape({ type: 'n-em', size: 3 }, 4);
  const weights = initializeParameters(parameters, deriveKey(0, 'parameters'));
  const { arrays } = decodeSafetensors(encodeSafetensors(weights));
  return Object.values(arrays).reduce((sum, { values }) => sum + values.length, 0);
}
