// `node ten-losses.mjs <engine> [workers]`, workers of an engine that has them: the losses of the first ten updates of two experiments on that engine, as JSON.
import { drawSamples } from '@nem/datasets';
import { deriveKey } from '@nem/random';
import { createDataset, createEngine, engineSpec, findExperiment, toBatch, withSettings } from '../dist/index.js';

const [, , engineName, workers = '1'] = process.argv;
const options = ['native', 'wasm'].includes(engineName) ? { workers: Number(workers) } : {};
const sizes = { 'static-shapes': ['batchSize=4', 'steps=3'], 'static-shapes-nem': ['batchSize=4', 'steps=3'] };
const losses = {};
for (const [name, settings] of Object.entries(sizes)) {
  const experiment = withSettings(findExperiment(name), settings);
  const dataset = await createDataset(experiment, 0);
  const engine = await createEngine(engineName, engineSpec(experiment), 0, options);
  losses[name] = [];
  for (let update = 0; update < 10; update++) {
    const indices = Uint32Array.from({ length: experiment.batchSize }, (_, i) => update * experiment.batchSize + i);
    const batch = toBatch(drawSamples(dataset, 'training', indices));
    const keys = { noise: deriveKey(0, 'noise', update), gamma: deriveKey(0, 'gamma', update) };
    losses[name].push((await engine.trainStep(batch, keys)).loss);
  }
  engine.dispose();
}
console.log(JSON.stringify(losses));
