/** Shape of one sample, without the batch axis. */
export type SampleShape = readonly number[];

/** Number of elements of a shape. */
export function elements(shape: SampleShape): number {
  return shape.reduce((product, size) => product * size, 1);
}
