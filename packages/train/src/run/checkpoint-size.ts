import { networkShape } from '@nem/core';
import { UsageError } from '../errors.js';
import type { Experiment } from '../experiments/index.js';
import { smallerNetwork } from '../experiments/smaller-network.js';
import { LARGEST_WEIGHTS } from './run-files.js';

/** A checkpoint holds the weights, Adam's two moments of each and the best weights, all in float32. */
const BYTES_PER_PARAMETER = 4 * Float32Array.BYTES_PER_ELEMENT;
/** Bytes of what else it holds: the configuration, the names of its arrays, and a line for each epoch. */
const OTHER_BYTES = 2 ** 24;

/**
 * Looked at before a run begins: its first checkpoint may come minutes later.
 * @throws UsageError for a network of which a checkpoint would be too large for a file of ours
 */
export function requireCheckpointSize({ network, dataset: { height, width } }: Experiment): void {
  const { parameters } = networkShape(network, height * width);
  const count = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const most = Math.floor((LARGEST_WEIGHTS - OTHER_BYTES) / BYTES_PER_PARAMETER);
  if (count <= most) return;
  throw new UsageError(`the network has ${count} parameters, too many for a checkpoint, which takes at most ${most}`, [
    ...smallerNetwork(network),
    '.',
  ]);
}
