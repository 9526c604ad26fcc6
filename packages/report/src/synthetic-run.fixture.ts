/** A made-up run for the tests of the pictures: no network, but arrays that look like one's. */
import type { OverviewSample } from './pictures/overview-sample.js';

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Size {
  readonly side: number;
  readonly steps: number;
  readonly components: number;
  readonly objects: number;
}

/** Groups of one frame: filled squares and discs that drift with the step, overlap being background. */
function drawGroups(groups: Uint8Array, { side, objects }: Size, step: number, random: () => number): void {
  const covers = new Uint8Array(groups.length);
  for (let object = 1; object <= objects; object++) {
    const radius = side * (0.12 + 0.06 * random());
    const centreX = radius + random() * (side - 2 * radius) + step * (random() - 0.5);
    const centreY = radius + random() * (side - 2 * radius) + step * (random() - 0.5);
    const round = object % 2 === 0;
    for (let pixel = 0; pixel < groups.length; pixel++) {
      const dx = Math.abs((pixel % side) - centreX);
      const dy = Math.abs(Math.floor(pixel / side) - centreY);
      if (round ? Math.hypot(dx, dy) > radius : Math.max(dx, dy) > radius) continue;
      covers[pixel]!++;
      groups[pixel] = covers[pixel] === 1 ? object : 0;
    }
  }
}

/** A sample whose γ starts random and comes to separate the objects. */
export function syntheticSample(seed: number, size: Size): OverviewSample {
  const { side, steps, components: K, objects } = size;
  const pixels = side * side;
  const random = uniform(seed);
  const groups = new Uint8Array(steps * pixels);
  const targets = new Float32Array(steps * pixels);
  const inputs = new Float32Array(steps * pixels);
  const gamma = new Float32Array(steps * K * pixels);
  const predictions = new Float32Array(steps * K * pixels);
  for (let step = 0; step < steps; step++) {
    drawGroups(groups.subarray(step * pixels, (step + 1) * pixels), size, step, uniform(seed * 7919));
    const learned = 1 - Math.exp(-step / 3);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const at = step * pixels + pixel;
      const group = groups[at]!;
      targets[at] = group > 0 ? 1 : 0;
      inputs[at] = random() < 0.1 ? 1 - targets[at] : targets[at];
      const owner = group === 0 ? objects % K : (group - 1) % K;
      const weights = Array.from(
        { length: K },
        (_, k) => 0.05 + (1 - learned) * random() + (k === owner ? 4 * learned : 0),
      );
      const sum = weights.reduce((a, b) => a + b);
      weights.forEach((weight, k) => {
        gamma[(step * K + k) * pixels + pixel] = weight / sum;
        predictions[(step * K + k) * pixels + pixel] = targets[at]! * (k === owner ? learned : 0.4 * (1 - learned));
      });
    }
  }
  return { height: side, width: side, steps, components: K, inputs, targets, groups, gamma, predictions };
}
