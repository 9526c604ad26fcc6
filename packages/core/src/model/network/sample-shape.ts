/** Shape of one sample, without the batch axis. */
export type SampleShape = readonly number[];

/** Size of a shape's last axis: the channels of an image, the outputs of weights; 1 of no axes, which are one number. */
export function lastAxis(shape: readonly number[]): number {
  return shape.at(-1) ?? 1;
}

/** Number of elements of a shape. */
export function elements(shape: SampleShape): number {
  return shape.reduce((product, size) => product * size, 1);
}
