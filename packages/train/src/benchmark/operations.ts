import { type EngineSpec, elements, networkShape } from '@nem/core';

/** Of one step for one component of one input, forward. */
function rowOperations({ network, image }: EngineSpec): number {
  const shape = networkShape(network, elements(image));
  if (shape.type === 'n-em') return 2 * 2 * elements(image) * shape.hiddenSize;
  const layers = [...shape.input, ...shape.output].reduce((sum, { products }) => sum + products, 0);
  return 2 * layers + 2 * (shape.recurrent.inputSize + shape.hiddenSize) * shape.hiddenSize;
}

/**
 * Floating-point operations of one training step on `batch` inputs: those of the network's products as it is written,
 * forward and, twice as many, backward; element-wise ones are not counted.
 */
export function trainingOperations(spec: EngineSpec, batch: number): number {
  return 3 * rowOperations(spec) * batch * spec.components * spec.objective.stepWeights.length;
}
