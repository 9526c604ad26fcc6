import { type FitOptions, fitPicture, type Grouping, type Model } from '@nem/models';
import { UsageError } from '../errors.js';
import type { FileImages } from './image-files.js';

/** How images are grouped. */
export interface GroupImagesOptions {
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

/** Images as a network reads them. */
export interface FittedImages {
  /** From 0 to 1: [frames, batch, height, width]. */
  readonly values: Float32Array;
  readonly count: number;
  /** Frames of a sequence; 1 of still images. Undefined where the file does not say which its images are. */
  readonly frames: number | undefined;
}

/** The images of a file as a network reads them, one after the other. */
export function fitImages({ pictures, values, frames }: FileImages, model: Model, options: FitOptions): FittedImages {
  const pixels = model.height * model.width;
  const count = pictures.length;
  const fits = pictures.every(({ width, height }) => width === model.width && height === model.height);
  if (values && fits) return { values, count, frames };
  const all = new Float32Array(count * pixels);
  pictures.forEach((picture, i) => {
    all.set(fitPicture(picture, model, options), i * pixels);
  });
  return { values: all, count, frames };
}

/**
 * The images of several files as the frames of one sequence.
 * @param names of the files
 * @throws UsageError for a file of several sequences, whose frames lie between one another's
 */
export function oneSequence(parts: readonly FittedImages[], names: readonly string[]): FittedImages {
  for (const [i, { count, frames = 1 }] of parts.entries()) {
    if (frames === 1 || frames === count) continue;
    throw new UsageError(
      `${names[i]} has ${count / frames} sequences, which are no frames of one`,
      'name files of single images or of one sequence each, or leave out --sequence.',
    );
  }
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { values, count, frames: count };
}

/** Groups images: frames of sequences where they are such, or where the network was trained on sequences; else a batch. */
export async function groupImages(
  model: Model,
  { values, count, frames }: FittedImages,
  { components, steps, seed }: GroupImagesOptions,
): Promise<FileGrouping> {
  const length = frames ?? (model.description.still ? 1 : count);
  const batch = count / length;
  const grouping = await model.group(values, { components, steps: length > 1 ? undefined : steps, seed, batch });
  return { grouping, inputs: length > 1 ? values.subarray(values.length / length) : values };
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
