import { type FitOptions, fitPicture, type Grouping, type Model } from '@nem/models';
import type { FileImages } from './image-files.js';

/** How a file's images are grouped. */
export interface GroupFileOptions extends FitOptions {
  readonly components?: number;
  readonly steps?: number;
  readonly seed?: number;
}

/** A grouping with the images that it is of: for each kept step the frame that γ was taken from. */
export interface FileGrouping {
  readonly grouping: Grouping;
  /** From 0 to 1: [steps, batch, height, width]. */
  readonly inputs: Float32Array;
}

/** The images as a network reads them, one after the other. */
function fitted({ pictures, values }: FileImages, model: Model, options: FitOptions): Float32Array {
  const pixels = model.height * model.width;
  const fits = pictures.every(({ width, height }) => width === model.width && height === model.height);
  if (values && fits) return values;
  const all = new Float32Array(pictures.length * pixels);
  pictures.forEach((picture, i) => {
    all.set(fitPicture(picture, model, options), i * pixels);
  });
  return all;
}

/** Groups the images of a file: frames of sequences where it has such, or where the network was trained on sequences; else a batch. */
export async function groupFile(
  model: Model,
  images: FileImages,
  { components, steps, seed, ...fit }: GroupFileOptions,
): Promise<FileGrouping> {
  const frames = fitted(images, model, fit);
  const count = images.pictures.length;
  const length = images.frames ?? (model.description.still ? 1 : count);
  const batch = count / length;
  const grouping = await model.group(frames, { components, steps: length > 1 ? undefined : steps, seed, batch });
  return { grouping, inputs: length > 1 ? frames.subarray(frames.length / length) : frames };
}

/** What a script is told of one image or sequence: the bright pixels of each component in its last frame. */
export function componentPixels({ grouping, inputs }: FileGrouping): number[][] {
  const { steps, batch, components, height, width } = grouping.shape;
  const pixels = height * width;
  return Array.from({ length: batch }, (_, image) => {
    const counts = new Array<number>(components).fill(0);
    const first = ((steps - 1) * batch + image) * pixels;
    for (let i = first; i < first + pixels; i++) if (inputs[i]! > 0.5) counts[grouping.labels[i]!]!++;
    return counts;
  });
}
