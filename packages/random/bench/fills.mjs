// Numbers per second of each fill, against a loop over Math.random in the same run, in alternating rounds:
//   node bench/fills.mjs [--json]
import {
  deriveKey,
  fillBernoulli,
  fillFlipped,
  fillIntegers,
  fillNormal,
  fillUint32,
  fillUniform,
} from '../dist/index.js';

const json = process.argv.includes('--json');
const LENGTH = 1_000_000;
const ROUNDS = 9;

const key = deriveKey(0, 'bench');
const floats = new Float32Array(LENGTH);
const zeros = new Float32Array(LENGTH);
const bytes = new Uint8Array(LENGTH);
const words = new Uint32Array(LENGTH);

const contenders = {
  'Math.random': () => {
    for (let i = 0; i < LENGTH; i++) floats[i] = Math.random();
  },
  fillUint32: (round) => fillUint32(key, words, round * LENGTH),
  fillUniform: (round) => fillUniform(key, floats, round * LENGTH),
  fillBernoulli: (round) => fillBernoulli(key, bytes, 0.2, round * LENGTH),
  fillFlipped: (round) => fillFlipped(key, floats, zeros, 0.2, round * LENGTH),
  fillIntegers: (round) => fillIntegers(key, bytes, 10, round * LENGTH),
  fillNormal: (round) => fillNormal(key, floats, round * LENGTH),
};

const seconds = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
// The first two rounds compile.
for (let round = 0; round < ROUNDS + 2; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    const began = performance.now();
    run(round);
    if (round >= 2) seconds[name].push((performance.now() - began) / 1000);
  }
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const baseline = median(seconds['Math.random']);
for (const [name, times] of Object.entries(seconds)) {
  const time = median(times);
  const row = { name, millionsPerSecond: LENGTH / time / 1e6, shareOfMathRandom: baseline / time };
  if (json) console.log(JSON.stringify(row));
  else {
    const ratio = `${row.shareOfMathRandom.toFixed(2)} × Math.random`;
    console.log(`${name.padEnd(14)} ${row.millionsPerSecond.toFixed(1).padStart(7)} million numbers/s   ${ratio}`);
  }
}
