import { DIGESTS } from './digests.js';
import type { WebUrl } from './web-url.js';

/** Names that `loadModel` knows. */
export type ModelName =
  | 'static-shapes'
  | 'static-shapes-nem'
  | 'flying-shapes-3'
  | 'flying-shapes-3-k5'
  | 'flying-shapes-5'
  | 'flying-mnist';

/**
 * The networks of this package by name. A literal `new URL` is what bundlers copy along; the file is read when the model is loaded.
 * `tools/add-model.mjs` makes such a file, and its card, from a run.
 */
const WEIGHTS: Readonly<Record<ModelName, () => WebUrl>> = {
  'static-shapes': () => new URL('../weights/static-shapes.safetensors', import.meta.url),
  'static-shapes-nem': () => new URL('../weights/static-shapes-nem.safetensors', import.meta.url),
  'flying-shapes-3': () => new URL('../weights/flying-shapes-3.safetensors', import.meta.url),
  'flying-shapes-3-k5': () => new URL('../weights/flying-shapes-3-k5.safetensors', import.meta.url),
  'flying-shapes-5': () => new URL('../weights/flying-shapes-5.safetensors', import.meta.url),
  'flying-mnist': () => new URL('../weights/flying-mnist.safetensors', import.meta.url),
};

/** SHA-256 of each network's weights, as hexadecimal digits. */
const digests: Readonly<Record<ModelName, string>> = DIGESTS;

/** Names of all networks of this package. */
export const modelNames = Object.keys(WEIGHTS) as readonly ModelName[];

/** Where the weights of a network of this package are; undefined for a name that is none. */
export const weightsUrl = (name: string): WebUrl | undefined =>
  Object.hasOwn(WEIGHTS, name) ? WEIGHTS[name as ModelName]() : undefined;

/** SHA-256 of the weights of a network of this package, as hexadecimal digits; undefined for a name that is none. */
export const weightsDigest = (name: string): string | undefined =>
  Object.hasOwn(digests, name) ? digests[name as ModelName] : undefined;
