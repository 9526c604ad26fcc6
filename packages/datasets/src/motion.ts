import type { RandomStream } from '@nem/random';
import { DatasetError } from './dataset.js';
import type { Flight } from './flight.js';
import { type Names, requireOptions } from './options.js';
import { shown } from './shown.js';

/**
 * The paper's motion (method, section 5): every object starts at a uniformly random whole pixel, and each component of its
 * velocity is a uniformly random integer from −`maxVelocity` to `maxVelocity` pixels per frame, so that it is at a whole pixel
 * in every frame.
 */
export interface IntegerPixelMotion {
  readonly type: 'integerPixel';
  /** Largest component of a velocity, in pixels per frame, an integer from 0 to 1000. The paper's is 1. */
  readonly maxVelocity: number;
}

/**
 * A harder task than the paper's: start, direction and speed are uniform real numbers, and positions are drawn at the nearest
 * pixel, so that no frame tells exactly where an object will be in the next.
 */
export interface SubPixelMotion {
  readonly type: 'subPixel';
  /** Slowest and fastest speed, in pixels per frame, from 0 to 1000. */
  readonly speed: readonly [slowest: number, fastest: number];
}

/** How the objects of a sequence move between two reflections. */
export type Motion = IntegerPixelMotion | SubPixelMotion;

/** The paper's: each component of a velocity is −1, 0 or 1 pixel per frame, so one object in nine stands still. */
export const DEFAULT_MOTION: IntegerPixelMotion = { type: 'integerPixel', maxVelocity: 1 };

/** What flying datasets had before they had motions. */
export const MOVED_SPEED = { speed: "motion: { type: 'subPixel', speed: [slowest, fastest] }" } as const;

const LARGEST_VELOCITY = 1000;

/** What each type of motion needs: a check of its fields, and a flight drawn in a room (see {@link Flight}). */
interface MotionKind<M extends Motion> {
  readonly names: Names<M>;
  require(motion: M): void;
  draw(motion: M, random: RandomStream, rows: number, columns: number): Flight;
}

const integerPixel: MotionKind<IntegerPixelMotion> = {
  names: { type: true, maxVelocity: true },
  require({ maxVelocity }) {
    if (!Number.isInteger(maxVelocity) || maxVelocity < 0 || maxVelocity > LARGEST_VELOCITY) {
      throw new DatasetError(
        `the motion's maxVelocity is ${shown(maxVelocity)}: give an integer from 0 to ${LARGEST_VELOCITY}, in pixels per frame.`,
      );
    }
  },
  draw({ maxVelocity }, random, rows, columns) {
    const velocity = () => random.integer(2 * maxVelocity + 1) - maxVelocity;
    return {
      rows,
      columns,
      row: random.integer(rows + 1),
      column: random.integer(columns + 1),
      rowVelocity: velocity(),
      columnVelocity: velocity(),
    };
  },
};

/**
 * A uniformly random direction as [cosine, sine]: a point of the unit disc (by rejection) on its circle. Only +, ×, / and
 * the square root, which IEEE 754 rounds alike everywhere; Math.cos differs between engines in its last bit.
 */
export function randomDirection(random: RandomStream): [number, number] {
  for (;;) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    const square = x * x + y * y;
    // Near the centre the grid of uniforms is too coarse for an angle.
    if (square > 1 || square < 1e-4) continue;
    const length = Math.sqrt(square);
    return [x / length, y / length];
  }
}

const subPixel: MotionKind<SubPixelMotion> = {
  names: { type: true, speed: true },
  require({ speed }) {
    if (!Array.isArray(speed)) {
      throw new DatasetError(`the motion's speed is ${shown(speed)}: give a list of the slowest and the fastest.`);
    }
    const [slowest, fastest] = speed;
    if (
      typeof slowest !== 'number' ||
      typeof fastest !== 'number' ||
      !(slowest >= 0 && slowest <= fastest && fastest <= LARGEST_VELOCITY)
    ) {
      throw new DatasetError(
        `the speed range is ${shown(slowest)} to ${shown(fastest)} pixels per frame: give two numbers from 0 to ${LARGEST_VELOCITY}, the smaller first.`,
      );
    }
  },
  draw({ speed: [slowest, fastest] }, random, rows, columns) {
    const row = random.uniform() * rows;
    const column = random.uniform() * columns;
    const [cosine, sine] = randomDirection(random);
    const speed = slowest + random.uniform() * (fastest - slowest);
    return { rows, columns, row, column, rowVelocity: speed * sine, columnVelocity: speed * cosine };
  },
};

const KINDS: { readonly [T in Motion['type']]: MotionKind<Extract<Motion, { type: T }>> } = { integerPixel, subPixel };

/** What the table has for a motion, by its type. */
function kindOf(motion: Motion): MotionKind<Motion> {
  // A caller without types may give anything.
  const type: unknown = motion?.type;
  if (typeof type !== 'string' || !Object.hasOwn(KINDS, type)) {
    throw new DatasetError(`the motion's type is ${shown(type)}: use ${Object.keys(KINDS).join(' or ')}.`);
  }
  return KINDS[motion.type] as MotionKind<Motion>;
}

/** @throws DatasetError for an unknown type of motion, a field that it does not have, or velocities out of range */
export function requireMotion(motion: Motion): void {
  const kind = kindOf(motion);
  requireOptions(motion, `the motion '${motion.type}'`, kind.names);
  kind.require(motion);
}

/** A random flight with this motion, in a room of `rows` and `columns` pixels (both may be 0). */
export function randomFlight(random: RandomStream, rows: number, columns: number, motion: Motion): Flight {
  return kindOf(motion).draw(motion, random, rows, columns);
}
