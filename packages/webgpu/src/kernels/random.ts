import type { NoiseSpec } from '@nem/core';
import { ERFINV_COEFFICIENTS } from '@nem/random';
import { elementwise, type Kernel } from '../plan/kernel.js';
import { elementAt } from '../required.js';
import { entryOf } from '../table.js';

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

function rounds(): string {
  const key = (i: number) => `k${i % 3}`;
  return Array.from({ length: 5 }, (_, group) => {
    const mix = elementAt(ROTATIONS, group % 2).map((r) => `  x += y; y = ((y << ${r}u) | (y >> ${32 - r}u)) ^ x;`);
    return `${mix.join('\n')}\n  x += ${key(group + 1)}; y += ${key(group + 2)} + ${group + 1}u;`;
  }).join('\n');
}

/** WGSL: word n of a key, as @nem/random makes it (Threefry-2x32, 20 rounds). */
const THREEFRY = `
fn word(k0: u32, k1: u32, n: u32) -> u32 {
  let k2 = 0x1bd11bdau ^ k0 ^ k1;
  var x = n / 2u + k0; var y = k1;
${rounds()}
  return select(x, y, n % 2u == 1u);
}`;

/** Order of a run's numbers, in 32-bit words. */
export const RUN_NUMBERS = {
  /** Key of the noise's places, then of its values, then of the initial γ. */
  keys: 0,
  /** Adam's rate and correction, as float32. */
  adam: 6,
  length: 8,
} as const;

/** WGSL: what each kind of noise makes of a pixel's `value` where it changes it; undefined where it changes none. */
const NOISES = {
  none: undefined,
  bitFlip: '1.0 - value',
  maskedUniform: 'f32(word(numberOf(2u), numberOf(3u), i) >> 8u) * 0x1p-24f',
} satisfies Readonly<Record<NoiseSpec['type'], string | undefined>>;

const changedValue = ({ type }: NoiseSpec): string | undefined =>
  entryOf(NOISES, type, (known) => new RangeError(`unknown noise '${type}': use ${known}.`));

/** @throws RangeError for an unknown kind of noise */
export function requireNoise(spec: NoiseSpec): void {
  changedValue(spec);
}

/**
 * Noisy frames of all steps, [steps, batch, pixels]: the same bits as @nem/core's `corrupt`.
 * @param threshold a pixel changes where its random word is below this: the probability times 2³²
 * @param still whether one clean frame, of `row` values, stands for all
 * @throws RangeError for an unknown kind of noise
 */
export function noise(
  spec: NoiseSpec,
  threshold: number,
  count: number,
  row: number,
  still: boolean,
): Kernel<'clean' | 'run_numbers' | 'corrupted'> {
  const frame = still ? `i % ${row}u` : 'i';
  const changed = changedValue(spec);
  // A threshold of 2³² does not fit a word; "at most threshold − 1" does.
  const body =
    changed === undefined || threshold === 0
      ? ''
      : `  if (word(numberOf(0u), numberOf(1u), i) <= ${threshold - 1}u) { value = ${changed}; }`;
  return elementwise({
    name: 'noise',
    bindings: { clean: 'read', run_numbers: 'read u32', corrupted: 'read_write' },
    count,
    words: 2 * count,
    body: `  var value = clean(${frame});
${body}
  set_corrupted(i, value);`,
    helpers: `${THREEFRY}
fn numberOf(i: u32) -> u32 { return run_numbers(i); }`,
  });
}

/** WGSL: a polynomial of x by Horner's rule. @param coefficients from the highest power */
const horner = (coefficients: readonly number[], x: string) =>
  coefficients.map(String).reduce((sum, c) => `fma(${sum}, ${x}, ${c})`);

/**
 * Initial γ: |N(0, 1)| normalised over the components. In float32: the words are @nem/random's, the normals agree with its
 * double-precision ones within rounding. The distance from the nearer end keeps the tails exact.
 */
export function initialGamma(batch: number, components: number, pixels: number): Kernel<'run_numbers' | 'gamma'> {
  return elementwise({
    name: 'initial assignment',
    bindings: { run_numbers: 'read u32', gamma: 'read_write' },
    count: batch * pixels,
    words: batch * components * pixels,
    body: `  let first = i / ${pixels}u * ${components * pixels}u + i % ${pixels}u;
  var sum = 0.0;
  for (var k = 0u; k < ${components}u; k++) { sum += magnitude(first + k * ${pixels}u); }
  for (var k = 0u; k < ${components}u; k++) {
    let at = first + k * ${pixels}u;
    set_gamma(at, ${components === 1 ? '1.0' : 'magnitude(at) / sum'});
  }`,
    helpers: `${THREEFRY}
fn magnitude(n: u32) -> f32 {
  let drawn = word(run_numbers(4u), run_numbers(5u), n);
  let distance = min(drawn, ~drawn);
  let tail = (f32(distance) + 0.5) * 0x1p-32f;
  let u = (f32(0x80000000u - distance) - 0.5) * 0x1p-31f;
  let w = -log(4.0 * tail * (1.0 - tail));
  let centre = w - 2.5;
  let far = sqrt(max(w, 0.0)) - 3.0;
  return 1.4142135623730951 * u * select(${horner(ERFINV_COEFFICIENTS.tail, 'far')}, ${horner(ERFINV_COEFFICIENTS.centre, 'centre')}, w < 5.0);
}`,
  });
}
