import { requireKey, requireWord } from './words.js';

/** Skein's key-schedule parity word (Salmon et al. 2011). */
const PARITY = 0x1bd11bda;

/**
 * Second word of the block that {@link threefryFirst} computed last. A module variable instead of a returned pair: the bulk
 * fills call it once for each two words and must not allocate.
 */
export let threefrySecond = 0;

/**
 * One Threefry-2x32 block of 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 * Returns the first word, as a signed 32-bit integer, and leaves the second in {@link threefrySecond}.
 */
export function threefryFirst(key0: number, key1: number, counter0: number, counter1: number): number {
  const key2 = PARITY ^ key0 ^ key1;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + key1) | 0;
  y = (y + key2 + 1) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + key2) | 0;
  y = (y + key0 + 2) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + key0) | 0;
  y = (y + key1 + 3) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + key1) | 0;
  y = (y + key2 + 4) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + key2) | 0;
  y = (y + key0 + 5) | 0;

  threefrySecond = y;
  return x;
}

/**
 * One Threefry-2x32 block of 20 rounds.
 * @param key two unsigned 32-bit words
 * @param counter0 first word of the counter, an integer from 0 to 2³² − 1
 * @param counter1 its second word, likewise
 * @returns two unsigned 32-bit words
 * @throws RangeError for a word of the key or of the counter out of range
 */
export function threefry2x32(key: readonly [number, number], counter0: number, counter1: number): [number, number] {
  requireKey(key);
  requireWord('the first word of the counter', counter0);
  requireWord('the second word of the counter', counter1);
  const first = threefryFirst(key[0], key[1], counter0, counter1);
  return [first >>> 0, threefrySecond >>> 0];
}
