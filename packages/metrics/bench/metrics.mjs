// Adjusted mutual information against scikit-learn, on the same labels in the same run, in alternating rounds:
//   pnpm bench [--json]        (PYTHON names another interpreter than python3)
// Without scikit-learn it prints our times only.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FrameScorer } from '../dist/frames.js';
import { adjustedMutualInfoScore } from '../dist/index.js';

const FRAMES = 10_000;
const PIXELS = 784;
const LABELS = 5;
const ROUND = 2_000;
const json = process.argv.includes('--json');

/** Uniform numbers below 1 from a seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Labels [frames, pixels]: the shares of the labels differ from frame to frame; six predictions in ten are true. */
function makeFrames(frames, seed) {
  const random = randomNumbers(seed);
  const labelsTrue = new Uint8Array(frames * PIXELS);
  const labelsPred = new Uint8Array(frames * PIXELS);
  for (let frame = 0; frame < frames; frame++) {
    const shares = Array.from({ length: LABELS }, () => 0.1 + random());
    const sum = shares.reduce((total, share) => total + share);
    const draw = () => {
      let rest = random() * sum;
      let label = 0;
      while (label < LABELS - 1 && rest > shares[label]) rest -= shares[label++];
      return label;
    };
    for (let i = frame * PIXELS; i < (frame + 1) * PIXELS; i++) {
      labelsTrue[i] = draw();
      labelsPred[i] = random() < 0.6 ? labelsTrue[i] : draw();
    }
  }
  return { labelsTrue, labelsPred };
}

/** A Python process that scores frames of these labels on request, or undefined where there is no scikit-learn. */
async function startPeer({ labelsTrue, labelsPred }) {
  const folder = mkdtempSync(join(tmpdir(), 'nem-metrics-bench-'));
  const file = join(folder, 'labels.bin');
  writeFileSync(file, Buffer.concat([labelsTrue, labelsPred]));
  // A core type chosen for another program may name instructions that Python's BLAS lacks.
  const { OPENBLAS_CORETYPE: _, ...env } = process.env;
  const script = fileURLToPath(new URL('../peer/scikit_learn.py', import.meta.url));
  const python = spawn(process.env.PYTHON || 'python3', [script, 'time', file, FRAMES, PIXELS], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  python.on('error', () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? 'null');
  const stop = () => {
    python.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const hello = await answer();
  if (!hello) {
    stop();
    return undefined;
  }
  const time = (first, end) => {
    python.stdin.write(`${first} ${end}\n`);
    return answer();
  };
  return { version: hello.version, time, stop };
}

/** Seconds that `run` takes, and its result. */
function timed(run) {
  const start = performance.now();
  const result = run();
  return { seconds: (performance.now() - start) / 1000, result };
}

async function benchFrames() {
  const labels = makeFrames(FRAMES, 1);
  const scorer = new FrameScorer({ frames: ROUND, pixels: PIXELS });
  const warmup = makeFrames(ROUND, 2);
  scorer.scoreLabels(warmup.labelsTrue, warmup.labelsPred);
  const peer = await startPeer(labels);
  await peer?.time(0, 20);
  let own = 0;
  let theirs = 0;
  let difference = 0;
  for (let first = 0; first < FRAMES; first += ROUND) {
    const slice = (all) => all.subarray(first * PIXELS, (first + ROUND) * PIXELS);
    const answer = await peer?.time(first, first + ROUND);
    const { seconds, result } = timed(() => scorer.scoreLabels(slice(labels.labelsTrue), slice(labels.labelsPred)));
    own += seconds;
    theirs += answer?.seconds ?? 0;
    answer?.scores.forEach((score, i) => {
      difference = Math.max(difference, Math.abs(score - result.adjustedMutualInfo[i]));
    });
  }
  peer?.stop();
  report({
    name: `${FRAMES} frames of ${PIXELS} pixels, ${LABELS} labels: AMI (four averagings) and ARI`,
    seconds: own,
    peer: peer && { version: peer.version, seconds: theirs, ratio: theirs / own, largestDifference: difference },
  });
}

function benchMillion() {
  const length = 1_000_000;
  const labelsTrue = Int32Array.from({ length }, (_, i) => i % 8000);
  const labelsPred = Int32Array.from({ length }, (_, i) => i % 7000);
  const { seconds, result } = timed(() => adjustedMutualInfoScore(labelsTrue, labelsPred));
  report({ name: '1,000,000 samples, i mod 8000 against i mod 7000: AMI', seconds, score: result });
}

function report(result) {
  if (json) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(result.name);
  console.log(`  @nem/metrics  ${result.seconds.toFixed(3)} s`);
  if (result.score !== undefined) console.log(`  score         ${result.score}`);
  else if (result.peer) {
    const { version, seconds, ratio, largestDifference } = result.peer;
    console.log(`  scikit-learn  ${seconds.toFixed(3)} s (version ${version}, AMI only, one averaging)`);
    console.log(
      `  ratio         ${ratio.toFixed(0)}, largest difference of a score ${largestDifference.toExponential(1)}`,
    );
  } else console.log('  scikit-learn  not found: install it for python3, or name an interpreter that has it in PYTHON');
}

await benchFrames();
benchMillion();
