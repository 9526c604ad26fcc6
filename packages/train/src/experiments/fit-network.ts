import type { LayerSpec, NetworkSpec } from '@nem/core';

/** Height and width. */
type ImageSize = readonly [height: number, width: number];

/** How many times an image is larger than a map of a network, where both of its sides are; undefined elsewhere. */
function scaleOf([height, width]: ImageSize, [rows, columns]: readonly number[]): number | undefined {
  if (!rows || !columns || height % rows !== 0 || height / rows !== width / columns) return undefined;
  return height / rows;
}

/** The shape of a layer's output that belongs to an image, for another image; undefined where there is none. */
function reshaped(shape: readonly number[], from: ImageSize, to: ImageSize): readonly number[] | undefined {
  const [, , channels] = shape;
  const scale = scaleOf(from, shape);
  if (shape.length !== 3 || channels === undefined || scale === undefined) return undefined;
  const [rows, columns] = to.map((side) => side / scale);
  return [rows, columns].every(Number.isInteger) ? ([rows, columns, channels] as number[]) : undefined;
}

const product = (values: readonly number[]) => values.reduce((all, value) => all * value, 1);

/** Layers for images of another size; undefined where they cannot be had. */
function fitLayers(layers: readonly LayerSpec[], from: ImageSize, to: ImageSize): LayerSpec[] | undefined {
  const fitted: LayerSpec[] = [];
  for (const [i, layer] of layers.entries()) {
    const next = layers[i + 1];
    if (layer.type === 'reshape') {
      const shape = reshaped(layer.shape, from, to);
      if (!shape) return undefined;
      fitted.push({ ...layer, shape } as LayerSpec);
    } else if (layer.type === 'dense' && next?.type === 'reshape' && layer.size === product(next.shape)) {
      const shape = reshaped(next.shape, from, to);
      if (!shape) return undefined;
      fitted.push({ ...layer, size: product(shape) });
    } else if (layer.type === 'dense' && next === undefined && layer.size === product(from)) {
      fitted.push({ ...layer, size: product(to) });
    } else fitted.push(layer);
  }
  return fitted;
}

/**
 * A network for images of another size: the sizes that belong to the image change, all others stay. Undefined where a layer cannot
 * be had, as a map of 7×7 for an image of 30×30.
 */
export function fitNetwork(network: NetworkSpec, from: ImageSize, to: ImageSize): NetworkSpec | undefined {
  if (network.type !== 'rnn-em') return network;
  const input = fitLayers(network.input, from, to);
  const output = fitLayers(network.output, from, to);
  return input && output && { ...network, input, output };
}
