import { DatasetError } from './dataset.js';
import { shown } from './shown.js';

/** The names that an object of options `T` may have. */
export type Names<T> = Readonly<Record<keyof T & string, true>>;

/** The pairs of neighbouring letters that two names share, as a part of the shorter one's. */
function likeness(name: string, other: string): number {
  const pairs = Array.from(name.slice(1), (_, i) => name.slice(i, i + 2).toLowerCase());
  const shared = pairs.filter((pair) => other.toLowerCase().includes(pair));
  return shared.length && shared.length / (Math.min(name.length, other.length) - 1);
}

/** What is wrong, and what mends it: `reason: remedy` is a sentence. */
export interface OptionsFault {
  readonly reason: string;
  readonly remedy: string;
}

/**
 * What is wrong with an object of options; undefined where every name is known; a misspelt name is an error.
 * A package with options of its own throws it as an error of its own.
 * @param what whose options they are, e.g. 'staticShapes'
 * @param names every option there is
 * @param moved what to give instead of an option that there was once
 */
export function optionsFault(
  options: unknown,
  what: string,
  names: Readonly<Record<string, true>>,
  moved: Readonly<Record<string, string>> = {},
): OptionsFault | undefined {
  const list = Object.keys(names).join(', ');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return { reason: `the options of ${what} are ${shown(options)}`, remedy: `give an object with any of ${list}.` };
  }
  const name = Object.keys(options).find((key) => !Object.hasOwn(names, key));
  if (name === undefined) return undefined;
  const reason = `${what} has no option ${shown(name)}`;
  if (Object.hasOwn(moved, name)) return { reason, remedy: `give ${moved[name]}.` };
  const [near = ''] = Object.keys(names).sort((a, b) => likeness(name, b) - likeness(name, a));
  const hint = likeness(name, near) >= 0.5 ? ` (did you mean ${near}?)` : '';
  return { reason: `${reason}${hint}`, remedy: `give any of ${list}.` };
}

/** @throws DatasetError for the fault that {@link optionsFault} finds */
export function requireOptions(...given: Parameters<typeof optionsFault>): void {
  const fault = optionsFault(...given);
  if (fault) throw new DatasetError(`${fault.reason}: ${fault.remedy}`);
}

/**
 * @param what e.g. 'shuffle'
 * @throws DatasetError for anything but true, false and undefined: the text 'false' would count as true
 */
export function requireBoolean(what: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new DatasetError(`${what} is ${shown(value)}: give true or false.`);
}

/** @throws DatasetError for a seed that is not a safe integer of at least 0 */
export function requireSeed(seed: unknown): void {
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return;
  throw new DatasetError(`the seed is ${shown(seed)}: give an integer from 0 to ${Number.MAX_SAFE_INTEGER}.`);
}

/** @throws DatasetError for an epoch that is not an integer from 0 to 2³² − 1 */
export function requireEpoch(epoch: unknown): void {
  if (Number.isInteger(epoch) && (epoch as number) >= 0 && (epoch as number) < 2 ** 32) return;
  throw new DatasetError(`the epoch is ${shown(epoch)}: give an integer from 0 to 4294967295.`);
}

/** Frames of the longest sequence that may be asked for. */
const MOST_FRAMES = 65_536;

/** @throws DatasetError for a number of objects that is not an integer from 1 to 255 */
export function requireObjects(objects: number): void {
  if (!Number.isInteger(objects) || objects < 1 || objects > 255) {
    throw new DatasetError(`the number of objects is ${shown(objects)}: give an integer from 1 to 255.`);
  }
}

/** @throws DatasetError for a number of frames that is not an integer from 1 to 65,536 */
export function requireFrames(frames: number): void {
  if (!Number.isInteger(frames) || frames < 1 || frames > MOST_FRAMES) {
    throw new DatasetError(`the number of frames is ${shown(frames)}: give an integer from 1 to ${MOST_FRAMES}.`);
  }
}

/** Characters of the longest path that any system takes. */
const LONGEST_PATH = 32_767;

/** @throws DatasetError for anything but a text, and for one that is longer than any path */
export function requirePath(what: string, path: unknown): asserts path is string {
  if (typeof path === 'string' && path.length <= LONGEST_PATH) return;
  throw new DatasetError(`${what} is ${shown(path)}: give a path.`);
}

/**
 * @param what the thing that must fit, e.g. 'a shape'
 * @throws DatasetError for an image that is smaller than that thing
 */
export function requireImage(height: number, width: number, what: string, tallest: number, widest: number): void {
  const fits = (pixels: number, least: number) => Number.isInteger(pixels) && pixels >= least && pixels <= 4096;
  if (!fits(height, tallest) || !fits(width, widest)) {
    throw new DatasetError(
      `the image is ${shown(height)}×${shown(width)}: ${what} needs at least ${tallest}×${widest} pixels, and 4096×4096 is the largest.`,
    );
  }
}
