// One training step of an experiment on an engine, and what data and noise cost of it: `node bench/step.mjs [--json]`.
import { corrupt, initialGamma } from '@nem/core';
import { drawSamples } from '@nem/datasets';
import { deriveKey } from '@nem/random';
import { createDataset, createEngine, engineSpec, experiments } from '../dist/index.js';

const json = process.argv.includes('--json');
const STEPS = 5;

/** Median milliseconds of `run` over STEPS calls, after one that does not count. */
async function median(run) {
  await run(0);
  const times = [];
  for (let i = 1; i <= STEPS; i++) {
    const began = performance.now();
    await run(i);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(STEPS / 2)];
}

for (const experiment of experiments) {
  const { batchSize, components, steps, noise, name } = experiment;
  const dataset = createDataset(experiment, 0);
  const pixels = dataset.height * dataset.width;
  const indices = Uint32Array.from({ length: batchSize }, (_, i) => i);
  const { features } = drawSamples(dataset, 'training', indices);
  const batch = { frames: features, batch: batchSize };
  const noisy = new Float32Array(features.length);
  const engine = await createEngine('wasm', engineSpec(experiment), 0);
  const key = (i) => deriveKey(0, 'bench', i);
  const step = await median((i) => engine.trainStep(batch, { noise: key(i), gamma: key(i) }));
  const data = await median(() => drawSamples(dataset, 'training', indices));
  const draws = await median((i) => {
    for (let t = 0; t < steps; t++) corrupt(noise, key(i), features, noisy, t * features.length);
    initialGamma(key(i), batchSize, components, pixels);
  });
  const row = { experiment: name, engine: 'wasm', stepMs: step, dataShare: data / step, noiseShare: draws / step };
  if (json) console.log(JSON.stringify(row));
  else {
    const percent = (share) => `${(share * 100).toFixed(1)} %`;
    console.log(
      `${name}, wasm: ${step.toFixed(0)} ms a step (median of ${STEPS}); data ${percent(row.dataShare)}, noise and initial γ ${percent(row.noiseShare)} of it`,
    );
  }
}
