// Damages an HDF5 file in many ways and reads each: node damaged-hdf5.mjs FILE BEGIN END. A damaged file may stop the HDF5
// library for the rest of the process: this one then ends early and says which number comes next.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { deriveKey, RandomStream } from '@nem/random';
import { ready } from 'h5wasm/node';
import { openHdf5 } from '../dist/hdf5.js';
import { DatasetError, drawSamples } from '../dist/index.js';

const [, , file, begin, end] = process.argv;
const bytes = readFileSync(file);
const path = `${file}.${process.pid}.damaged`;
const library = await ready;
const memory = () => library.HEAPU8.length;
/** `growth`: bytes by which the library's memory, of which a part is free, has grown for the largest demand of any file. */
const outcome = { read: 0, refused: 0, next: Number(begin), growth: 0 };

function damage(number) {
  const random = new RandomStream(deriveKey(5, 'damage', number));
  if (number % 4 === 0) return bytes.subarray(0, random.integer(bytes.length));
  const damaged = Buffer.from(bytes);
  for (let n = random.integer(6); n >= 0; n--) damaged[random.integer(bytes.length)] = random.integer(256);
  return damaged;
}

async function read() {
  const dataset = await openHdf5(path);
  try {
    for (const split of ['training', 'validation', 'test']) {
      drawSamples(dataset, split, [0, dataset.sizes[split] - 1]);
    }
  } finally {
    dataset.close();
  }
}

while (outcome.next < Number(end)) {
  // A new file: some file systems wait for the disk where one that exists is cut to nothing.
  rmSync(path, { force: true });
  writeFileSync(path, damage(outcome.next));
  const before = memory();
  try {
    await read();
    outcome.read++;
  } catch (error) {
    if (error instanceof DatasetError && error.message.includes('has stopped')) break;
    if (!(error instanceof DatasetError) || !/^[^\n]+\.$/.test(error.message)) {
      outcome.unexpected = `number ${outcome.next}: ${error.stack}`;
      outcome.next++;
      break;
    }
    outcome.refused++;
  }
  outcome.next++;
  outcome.growth = Math.max(outcome.growth, memory() - before);
}
rmSync(path);
console.log(JSON.stringify(outcome));
