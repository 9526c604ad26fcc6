import type { Picture } from '@nem/models';
import type { DecodedPng } from 'fast-png';
import type { Frame } from 'omggif';
import { UsageError } from '../errors.js';
import { reason } from '../system/files.js';
import { type NumberArray, parseNpy } from './npy.js';

/** Images of a file. */
export interface FileImages {
  /** Each image, [frames, batch] of them with the batch fastest. */
  readonly pictures: readonly Picture[];
  /** Frames of a sequence; 1 of still images. Undefined where the file does not say which its images are. */
  readonly frames: number | undefined;
  /** The same images as numbers from 0 to 1, where the file has numbers: used as they are where they have the network's size. */
  readonly values?: Float32Array;
}

/** How much of a file with many images is read. */
interface ReadOptions {
  /** At most so many images or sequences. */
  readonly count: number;
}

interface ImageFormat {
  /** In words. */
  readonly name: string;
  /** Whether a file that begins with `bytes` is of this format. */
  matches(bytes: Uint8Array): boolean;
  /** @param path of the file; absent where it comes from standard input */
  read(bytes: Uint8Array, options: ReadOptions, path?: string): Promise<FileImages>;
}

/** Larger pictures are not decoded: they would take gigabytes. */
const MOST_PIXELS = 2 ** 26;

const begins =
  (...start: readonly number[]) =>
  (bytes: Uint8Array) =>
    start.every((byte, i) => bytes[i] === byte);

/** @throws UsageError for a picture that is too large or has no pixels */
function requireSize(width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= MOST_PIXELS) return;
  throw new UsageError(`the picture is ${height}×${width}`, `give one of 1 to ${MOST_PIXELS} pixels.`);
}

/** The values of a grey PNG of 1, 2 or 4 bits a pixel, of which a byte holds several; each row begins with a byte. */
function unpacked({ width, height, depth, data }: Pick<DecodedPng, 'width' | 'height' | 'depth' | 'data'>): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  if (data.length !== rowBytes * height) throw new Error(`it is interlaced, of ${depth} bits a pixel`);
  const values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]!;
    values[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return values;
}

const png: ImageFormat = {
  name: 'PNG',
  matches: begins(0x89, 0x50, 0x4e, 0x47),
  async read(bytes) {
    const { decode, convertIndexedToRgb } = await import('fast-png');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    requireSize(view.getUint32(16), view.getUint32(20));
    const image = decode(bytes);
    const { width, height, depth } = image;
    const plain = image.palette ? convertIndexedToRgb(image) : depth < 8 ? unpacked(image) : image.data;
    const most = image.palette ? 255 : 2 ** depth - 1;
    const data =
      most === 255 ? Uint8Array.from(plain) : Uint8Array.from(plain, (value) => Math.round((255 * value) / most));
    return { pictures: [{ width, height, data }], frames: undefined };
  },
};

/** Memory that jpeg-js takes for a pixel at most: of each of four colours a coefficient and two bytes, and the pixel itself. */
const JPEG_BYTES = 4 * (4 + 2) + 4 + 4;

const jpeg: ImageFormat = {
  name: 'JPEG',
  matches: begins(0xff, 0xd8, 0xff),
  async read(bytes) {
    const { decode } = (await import('jpeg-js')).default;
    const limits = { maxResolutionInMP: MOST_PIXELS / 1e6, maxMemoryUsageInMB: (JPEG_BYTES * MOST_PIXELS) / 2 ** 20 };
    const { width, height, data } = decode(bytes, { useTArray: true, ...limits });
    return { pictures: [{ width, height, data }], frames: undefined };
  },
};

/** What becomes of a frame of a GIF before the next one is drawn: its rectangle is cleared, or is as it was before. */
const [CLEAR, RESTORE] = [2, 3];

/** Makes the rectangle of a frame transparent. */
function clear(canvas: Uint8Array, width: number, frame: Frame): void {
  for (let y = frame.y; y < frame.y + frame.height; y++) {
    canvas.fill(0, 4 * (y * width + frame.x), 4 * (y * width + frame.x + frame.width));
  }
}

const gif: ImageFormat = {
  name: 'GIF',
  matches: begins(0x47, 0x49, 0x46, 0x38),
  async read(bytes, { count: _ }) {
    const { GifReader } = (await import('omggif')).default;
    requireSize(bytes[6]! + 256 * bytes[7]!, bytes[8]! + 256 * bytes[9]!);
    const reader = new GifReader(bytes as Buffer);
    const { width, height } = reader;
    // A frame changes what the one before it has left.
    let canvas = new Uint8Array(4 * width * height);
    const pictures = Array.from({ length: reader.numFrames() }, (_, frame) => {
      const before = canvas.slice();
      reader.decodeAndBlitFrameRGBA(frame, canvas);
      const data = canvas.slice();
      const info = reader.frameInfo(frame);
      if (info.disposal === RESTORE) canvas = before;
      else if (info.disposal === CLEAR) clear(canvas, width, info);
      return { width, height, data };
    });
    return { pictures, frames: pictures.length > 1 ? pictures.length : undefined };
  },
};

/** Grey pictures of numbers from 0 to 1, [images, height, width]. */
function fromValues(values: Float32Array, height: number, width: number, frames: number | undefined): FileImages {
  const pixels = height * width;
  requireSize(width, height);
  const pictures = Array.from({ length: values.length / pixels }, (_, i) => ({
    ...{ width, height },
    data: Uint8Array.from(values.subarray(i * pixels, (i + 1) * pixels), (value) => Math.round(255 * value)),
  }));
  return { pictures, frames, values };
}

const idx: ImageFormat = {
  name: 'IDX',
  matches: (bytes) => begins(0, 0, 8)(bytes) || begins(0x1f, 0x8b)(bytes),
  async read(bytes, { count }) {
    const { readIdx } = await import('@nem/datasets/mnist');
    const { shape, data } = await readIdx(bytes);
    const [images = 0, height = 0, width = 0] = shape;
    if (shape.length !== 3) {
      throw new UsageError(
        `the IDX file has the shape [${shape.join(', ')}]`,
        'give one of images, [count, height, width].',
      );
    }
    const kept = data.subarray(0, Math.min(count, images) * height * width);
    return fromValues(
      Float32Array.from(kept, (byte) => byte / 255),
      height,
      width,
      1,
    );
  },
};

/** Numbers from 0 to 1 of a NumPy array: bytes are from 0 to 255, or 0 and 1 where they are truth values or no larger. */
function scaled({ values, boolean }: NumberArray): Float32Array {
  if (!(values instanceof Uint8Array)) return Float32Array.from(values);
  const most = boolean || values.every((byte) => byte <= 1) ? 1 : 255;
  return Float32Array.from(values, (byte) => byte / most);
}

const npy: ImageFormat = {
  name: 'NumPy',
  matches: begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
  async read(bytes) {
    const array = parseNpy(bytes);
    const values = scaled(array);
    const wrong = values.find((value) => !(value >= 0 && value <= 1));
    if (wrong !== undefined)
      throw new UsageError(`the NumPy file has the value ${wrong}`, 'give values from 0 to 1, or bytes.');
    const { shape } = array;
    if (shape.length < 2 || shape.length > 4 || values.length === 0) {
      throw new UsageError(
        `the NumPy file has the shape [${shape.join(', ')}]`,
        'give [height, width], [images, height, width] or [frames, batch, height, width].',
      );
    }
    const [height = 0, width = 0] = shape.slice(-2);
    return fromValues(values, height, width, shape.length === 4 ? shape[0] : undefined);
  },
};

const hdf5: ImageFormat = {
  name: 'HDF5',
  matches: begins(0x89, 0x48, 0x44, 0x46),
  async read(_bytes, { count }, path) {
    if (path === undefined) throw new UsageError('an HDF5 file cannot be read from standard input', 'give its path.');
    const { openHdf5 } = await import('@nem/datasets/hdf5');
    const { drawSamples } = await import('@nem/datasets');
    const dataset = await openHdf5(path);
    try {
      const length = Math.min(count, dataset.sizes.test);
      const { features, frames, height, width } = drawSamples(
        dataset,
        'test',
        Array.from({ length }, (_, i) => i),
      );
      return fromValues(features, height, width, frames);
    } finally {
      dataset.close();
    }
  },
};

const FORMATS: readonly ImageFormat[] = [png, jpeg, gif, npy, hdf5, idx];

/** So many first bytes of a file tell its format. */
export const FORMAT_BYTES = 8;

/** Whether a file that begins with `bytes` is read by its path, of any size: {@link readImages} takes no more than these bytes. */
export const isReadByPath = (bytes: Uint8Array): boolean => hdf5.matches(bytes);

/**
 * Reads the images of a file; its first bytes tell its format.
 * @param name how messages name it
 * @param path absent where it comes from standard input
 * @throws UsageError for a file of another format, or one that cannot be decoded
 */
export async function readImages(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions,
  path?: string,
): Promise<FileImages> {
  const format = FORMATS.find((known) => known.matches(bytes));
  if (!format) {
    const known = FORMATS.map((one) => one.name).join(', ');
    throw new UsageError(`${name} has an unknown file format`, `give one of ${known}.`);
  }
  try {
    return await format.read(bytes, options, path);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${name}: ${error.reason}`, error.remedy);
    throw new UsageError(
      `${name} cannot be read as ${format.name} (${reason(error)?.replace(/\.$/, '')})`,
      'write it again.',
    );
  }
}
