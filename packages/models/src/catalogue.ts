import type { WebUrl } from './web-url.js';

/** Names that `loadModel` knows. */
export type ModelName = 'static-shapes' | 'static-shapes-nem';

/**
 * The networks of this package by name. A literal `new URL` is what bundlers copy along; the file is read when the model is loaded.
 * `tools/add-model.mjs` makes such a file, and its card, from a run.
 */
const WEIGHTS: Readonly<Record<ModelName, () => WebUrl>> = {
  'static-shapes': () => new URL('../weights/static-shapes.safetensors', import.meta.url),
  'static-shapes-nem': () => new URL('../weights/static-shapes-nem.safetensors', import.meta.url),
};

/** Names of all networks of this package. */
export const modelNames = Object.keys(WEIGHTS) as readonly ModelName[];

/** Where the weights of a network of this package are; undefined for a name that is none. */
export const weightsUrl = (name: string): WebUrl | undefined =>
  Object.hasOwn(WEIGHTS, name) ? WEIGHTS[name as ModelName]() : undefined;
