// Samples per second of every dataset, drawn in batches of 64, and of an HDF5 file of flying shapes in shuffled order; with the
// memory of the process after the file of so many bytes was written and read:
//   node bench/samples.mjs [--json]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHdf5, writeHdf5 } from '../dist/hdf5.js';
import {
  allocateSamples,
  BatchOrder,
  drawSamples,
  flyingMnist,
  flyingShapes,
  staticMnist,
  staticShapes,
} from '../dist/index.js';
import { loadDigits } from '../dist/mnist.js';

const json = process.argv.includes('--json');
const BATCH = 64;
const BATCHES = 40;
const EXPORTED = 4000;

function report(row, text) {
  console.log(json ? JSON.stringify(row) : text);
}

function bench(name, dataset) {
  const order = new BatchOrder({ size: dataset.sizes.training, batchSize: BATCH, seed: 0 });
  const out = allocateSamples(dataset, BATCH);
  const times = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const began = performance.now();
    drawSamples(dataset, 'training', order.indices(batch), out);
    times.push((performance.now() - began) / 1000);
  }
  const time = times.sort((a, b) => a - b)[BATCHES / 2];
  const frames = dataset.frames === 1 ? 'still' : `${dataset.frames} frames`;
  const row = { dataset: name, samplesPerSecond: BATCH / time, batchMilliseconds: time * 1000 };
  report(
    row,
    `${name}, ${frames}: ${row.samplesPerSecond.toFixed(0)} samples/s, ${row.batchMilliseconds.toFixed(2)} ms a batch of ${BATCH}`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'nem-datasets-bench-'));
try {
  const digits = await loadDigits();
  const shapes = flyingShapes();
  bench('static shapes', staticShapes());
  bench('flying shapes', shapes);
  bench('static MNIST', staticMnist({ digits }));
  bench('flying MNIST', flyingMnist({ digits }));

  const file = join(folder, 'shapes.h5');
  const before = process.memoryUsage().rss;
  const began = performance.now();
  await writeHdf5({ dataset: shapes, file, counts: { training: EXPORTED } });
  const seconds = (performance.now() - began) / 1000;
  const plain = 2 * 4 * EXPORTED * shapes.frames * shapes.height * shapes.width;
  const read = await openHdf5(file);
  bench('HDF5 file of flying shapes', read);
  read.close();
  const row = {
    file: 'HDF5',
    samplesPerSecondWritten: EXPORTED / seconds,
    arrayBytes: plain,
    fileBytes: statSync(file).size,
    memoryGrowthBytes: process.memoryUsage().rss - before,
  };
  const mega = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
  report(
    row,
    `HDF5 file: ${row.samplesPerSecondWritten.toFixed(0)} samples/s written; ${mega(plain)} of arrays in ${mega(row.fileBytes)}, memory grew by ${mega(row.memoryGrowthBytes)}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
