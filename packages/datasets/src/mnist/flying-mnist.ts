import { deriveKey, permutation, type RandomStream } from '@nem/random';
import { type Dataset, DatasetError, type Samples, type Split } from '../dataset.js';
import { launch, paintFlight } from '../flying-sprite.js';
import { DEFAULT_MOTION, MOVED_SPEED, type Motion, requireMotion } from '../motion.js';
import { type Names, requireFrames, requireImage, requireObjects, requireOptions, requireSeed } from '../options.js';
import { bySplit, type SeededOptions, seededDataset } from '../seeded-dataset.js';
import { shown } from '../shown.js';
import { clearFrame, paintAnywhere, type Sprite } from '../sprite.js';
import { STATIC_SHAPES } from '../static-shapes.js';
import { type Digits, digitSprite, poolImage, poolSize, requireDigits } from './digits.js';

export interface StaticMnistOptions extends SeededOptions {
  readonly digits: Digits;
  /** Pixels, at least a digit's (14 for MNIST), at most 4096. Default 24. */
  readonly height?: number;
  readonly width?: number;
  /** Digits in an image, at least 1; at most as many as light a quarter of their box each without filling the image. Default 2. */
  readonly objects?: number;
  /**
   * Distinct digits that each split draws from, chosen by the seed; fewer are a part of more. Default: all that the split has.
   */
  readonly variations?: number;
  /**
   * Brightness above which a pixel that one digit alone lights belongs to it, from 0 to below 1; of what is fainter the group is 0.
   * Half of the pixels that a digit lights at half its size are fainter than 0.5, and whose the faintest are can hardly be told.
   * Default 0: each pixel that a digit alone lights belongs to it.
   */
  readonly groupThreshold?: number;
}

export interface FlyingMnistOptions extends StaticMnistOptions {
  /** Frames of a sequence, 1 to 65,536. More frames continue the same flights. Default 21, for 20 steps. */
  readonly frames?: number;
  /**
   * How the digits move. Default `{ type: 'integerPixel', maxVelocity: 1 }`, as the paper's shapes do; no picture
   * of the paper shows how its digits move.
   */
  readonly motion?: Motion;
}

const STATIC_NAMES: Names<StaticMnistOptions> = {
  ...STATIC_SHAPES,
  digits: true,
  variations: true,
  groupThreshold: true,
};
const FLYING_NAMES: Names<FlyingMnistOptions> = { ...STATIC_NAMES, frames: true, motion: true };

/** The digits that each split draws from, as numbers of its pool. */
type Variations = Readonly<Record<Split, Uint32Array>>;

function chooseVariations(digits: Digits, name: string, seed: number, wanted: number | undefined): Variations {
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1)) {
    throw new DatasetError(
      `the number of variations is ${shown(wanted)}: give an integer of at least 1, or leave it out for all.`,
    );
  }
  const choose = (split: Split) => {
    const size = poolSize(digits, split);
    if (wanted !== undefined && wanted > size) {
      throw new DatasetError(
        `the number of variations is ${wanted} but ${split} has ${size} digits (${digits.source}): ask for fewer.`,
      );
    }
    return permutation(deriveKey(seed, `${name}/variations/${split}`), size).subarray(0, wanted ?? size);
  };
  return bySplit(choose);
}

/** @throws DatasetError for a threshold above which no pixel can be */
function requireThreshold(threshold: number | undefined): void {
  if (threshold === undefined || (typeof threshold === 'number' && threshold >= 0 && threshold < 1)) return;
  throw new DatasetError(
    `groupThreshold is ${shown(threshold)}: give a brightness from 0 to below 1, or leave it out for 0.`,
  );
}

/** A digit lights about a quarter of its box; more digits than would fill the image that way cannot be told apart. */
function requireRoom(objects: number, height: number, width: number, digits: Digits): void {
  const rows = digits.height >> 1;
  const columns = digits.width >> 1;
  requireImage(height, width, 'a digit', rows, columns);
  requireObjects(objects);
  const most = Math.floor((4 * height * width) / (rows * columns));
  if (objects > most) {
    throw new DatasetError(
      `${objects} digits do not fit into ${height}×${width} pixels: give at most ${most}, or a larger image.`,
    );
  }
}

/** What both datasets share: draws the digits of a sample, then lets `place` put them into the frames. */
function mnist(
  name: string,
  frames: number,
  options: StaticMnistOptions,
  place: (sprites: readonly Sprite[], random: RandomStream, out: Samples, position: number) => void,
): Dataset {
  const { digits, seed = 0, height = 24, width = 24, objects = 2, variations, groupThreshold } = options;
  requireDigits(digits);
  requireSeed(seed);
  requireThreshold(groupThreshold);
  requireRoom(objects, height, width, digits);
  const pools = chooseVariations(digits, 'mnist', seed, variations);
  const properties = { name, purpose: name, height, width, frames, objects, files: digits.files };
  return seededDataset(properties, options, (random, split, out, position) => {
    const pool = pools[split];
    const sprites = Array.from({ length: objects }, () => {
      const image = poolImage(digits, split, pool[random.integer(pool.length)]!);
      return digitSprite(image, digits.height, digits.width, groupThreshold);
    });
    place(sprites, random, out, position);
  });
}

/**
 * Flying MNIST: grey sequences of digits at half their size (14×14) that fly straight, pass through each other and are
 * reflected by the walls, whole inside the image (method, section 5). A pixel belongs to the digit that lights it (value above
 * `groupThreshold`); where several light it, it has the brightest one's value, as in Srivastava et al. (2015), and group 0. Training and
 * validation draw from disjoint digits of the training file, test from the test file.
 * @throws DatasetError for an image too small for its digits, for unknown options and options out of range, and for
 * anything but digits
 */
export function flyingMnist(options: FlyingMnistOptions): Dataset {
  requireOptions(options, 'flyingMnist', FLYING_NAMES, MOVED_SPEED);
  const { frames = 21, motion = DEFAULT_MOTION } = options;
  requireFrames(frames);
  requireMotion(motion);
  return mnist('flying-mnist', frames, options, (sprites, random, out, position) => {
    const flying = sprites.map((sprite) => launch(sprite, random, out, motion));
    paintFlight(flying, out, position);
  });
}

/**
 * Static MNIST: still grey images of digits at half their size whose positions are uniform; groups and overlap as in
 * {@link flyingMnist} (method, section 5).
 * @throws DatasetError for an image too small for its digits, for unknown options and options out of range, and for
 * anything but digits
 */
export function staticMnist(options: StaticMnistOptions): Dataset {
  requireOptions(options, 'staticMnist', STATIC_NAMES);
  return mnist('static-mnist', 1, options, (sprites, random, out, position) => {
    const start = position * out.height * out.width;
    clearFrame(out, start);
    sprites.forEach((sprite, i) => {
      paintAnywhere(sprite, random, i + 1, out, start);
    });
  });
}
