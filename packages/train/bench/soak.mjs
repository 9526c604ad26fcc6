// Memory of a long run: `node bench/soak.mjs [--updates 2000] [--warm-up 200] [--batch 64] [--json]` trains static shapes
// with a validation, checkpoints (of epochs and by time) and the report's pictures every 20 updates, and prints the
// resident set after the warm-up and at the end, each the median over two such epochs: between two collections of garbage
// it goes up and down.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { overviewSvg } from '@nem/report';
import {
  createDataset,
  createEngine,
  engineSpec,
  findExperiment,
  overviewSamples,
  RunFolder,
  RunLock,
  RunRecorder,
  svgToPng,
  train,
  trainingCurvesSvg,
  withSettings,
} from '../dist/index.js';

const { values: args } = parseArgs({
  options: {
    updates: { type: 'string', default: '2000' },
    'warm-up': { type: 'string', default: '200' },
    batch: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
  },
});
const [updates, warmUp, batch] = [args.updates, args['warm-up'], args.batch].map(Number);
const EPOCH = 20;

const experiment = withSettings(findExperiment('static-shapes'), [
  `batchSize=${batch}`,
  `dataset.training=${EPOCH * batch}`,
  `validationInputs=${4 * batch}`,
  `epochs=${updates / EPOCH}`,
  'patience=1000000',
]);
const seed = 0;
const folder = new RunFolder(mkdtempSync(join(tmpdir(), 'nem-soak-')));
const config = { experiment, engine: 'wasm', seed };
const lock = await RunLock.acquire(folder.path);
const engine = await createEngine('wasm', engineSpec(experiment), seed);
const dataset = await createDataset(experiment, seed);
folder.create(config);
const recorder = new RunRecorder(folder, config, lock);

async function draw() {
  const pictures = [
    trainingCurvesSvg(folder.readEpochs()),
    overviewSvg(await overviewSamples({ engine, dataset, experiment, seed, count: 4 })),
  ];
  for (const [i, svg] of pictures.entries()) folder.write(`report/${i}.png`, await svgToPng(svg));
}

const readings = [];
const mebibytes = (last) => {
  const sorted = readings
    .slice(0, last)
    .slice(-2 * EPOCH)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] / 2 ** 20;
};
await train({
  experiment,
  engine,
  dataset,
  seed,
  checkpointMinutes: 0.25,
  events: {
    step({ update }) {
      readings.push(process.memoryUsage.rss());
      if (update % (5 * EPOCH) === 0 && !args.json)
        console.error(`${update} updates, ${mebibytes(update).toFixed(1)} MiB`);
    },
    async epoch(record, best, weights) {
      recorder.epoch(record, best, weights);
      await draw();
    },
    timeLimit() {},
    cutEpoch() {},
    checkpoint: (state, weights) => recorder.checkpoint(state, weights),
  },
});
lock.release();
engine.dispose();
rmSync(folder.path, { recursive: true });

const row = { updates, batch, warmUp, warmUpMiB: mebibytes(warmUp), endMiB: mebibytes(updates) };
row.growth = row.endMiB / row.warmUpMiB - 1;
if (args.json) console.log(JSON.stringify(row));
else {
  console.log(
    `static-shapes, wasm, batch ${batch}: ${row.warmUpMiB.toFixed(1)} MiB after ${warmUp} updates, ${row.endMiB.toFixed(1)} MiB after ${updates} (${(row.growth * 100).toFixed(1)} %)`,
  );
}
