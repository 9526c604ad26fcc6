import { type EngineSpec, elements, type LayerShape, networkShape } from '@nem/core';

/** Multiplications and additions of one layer for one row, as the network is written: 2 for each weight that is used. */
function layerOperations({ spec, inputShape, outputShape }: LayerShape): number {
  switch (spec.type) {
    case 'dense':
      return 2 * elements(inputShape) * spec.size;
    case 'conv':
    case 'resizeConv':
      return 2 * elements(outputShape) * spec.kernel ** 2 * (inputShape[2] as number);
    case 'reshape':
    case 'flatten':
    case 'inputNorm':
      return 0;
    default:
      return spec satisfies never;
  }
}

/** Of one step for one component of one input, forward. */
function rowOperations({ network, image }: EngineSpec): number {
  const shape = networkShape(network, elements(image));
  if (shape.type === 'n-em') return 2 * 2 * elements(image) * shape.hiddenSize;
  const layers = [...shape.input, ...shape.output].reduce((sum, layer) => sum + layerOperations(layer), 0);
  return layers + 2 * (shape.recurrent.inputSize + shape.hiddenSize) * shape.hiddenSize;
}

/**
 * Floating-point operations of one training step on `batch` inputs: those of the network's products as it is written,
 * forward and, twice as many, backward; element-wise ones are not counted.
 */
export function trainingOperations(spec: EngineSpec, batch: number): number {
  return 3 * rowOperations(spec) * batch * spec.components * spec.objective.stepWeights.length;
}
