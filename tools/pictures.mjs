// The pictures of the READMEs, `pnpm pictures`: what a network of @nem/models finds in the first images of the test split, which
// nobody has chosen, drawn by @nem/report as any program could. The packages must be built. Another folder than the repository
// may be named: a test compares what is drawn there with what is committed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = (path) => import(pathToFileURL(join(root, 'packages', path)).href);

const { drawSamples, flyingMnist, flyingShapes, staticShapes } = await built('datasets/dist/index.js');
const { loadDigits } = await built('datasets/dist/mnist.js');
const { loadModel } = await built('models/dist/index.js');
const { groupingAnimation, groupingPicture, samplesToPng } = await built('report/dist/index.js');
const { decode, encode } = await import(
  pathToFileURL(createRequire(join(root, 'packages/report/package.json')).resolve('fast-png')).href
);

const first = (count) => Array.from({ length: count }, (_, i) => i);

/** The first test images, and what the network finds in them after each of its steps; without an engine, which is slow but exact. */
async function grouped(count) {
  const { features, groups } = drawSamples(staticShapes({ seed: 0 }), 'test', first(count));
  const model = await loadModel('static-shapes', { engine: 'plain' });
  return { features, groups, ...(await model.group(features, { seed: 0, keep: 'all' })) };
}

/** Some steps, and some of the images, of a grouping as `@nem/report` draws it. */
function part({ features, gamma, predictions, shape }, steps, images) {
  const { batch, components, height, width } = shape;
  const pixels = height * width;
  const pick = (values, size) =>
    Float32Array.from(
      steps.flatMap((step) => images.flatMap((i) => [...values.subarray((step * batch + i) * size).subarray(0, size)])),
    );
  return {
    ...{ steps: steps.length, batch: images.length, components, height, width },
    inputs: Float32Array.from(
      steps.flatMap(() => images.flatMap((i) => [...features.subarray(i * pixels, (i + 1) * pixels)])),
    ),
    gamma: pick(gamma, components * pixels),
    predictions: pick(predictions, components * pixels),
  };
}

/** Each object's component: the one that takes most of its pixels, and no component twice. */
function componentsOf(groups, labels) {
  const counts = new Map();
  groups.forEach((group, i) => {
    const pair = `${group} ${labels[i]}`;
    if (group > 0) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  });
  const chosen = new Map();
  for (const [pair] of [...counts].sort(([, a], [, b]) => b - a)) {
    const [group, component] = pair.split(' ').map(Number);
    if (!chosen.has(group) && ![...chosen.values()].includes(component)) chosen.set(group, component);
  }
  return chosen;
}

/** The true groups in the place of γ, in the colours of the components that found them. */
function truth(grouping, groups, labels) {
  const { batch, components, height, width } = grouping;
  const pixels = height * width;
  const gamma = new Float32Array(grouping.gamma.length).fill(1 / components);
  for (let image = 0; image < batch; image++) {
    const [own, found] = [groups, labels].map((values) => values.subarray(image * pixels, (image + 1) * pixels));
    const colours = componentsOf(own, found);
    for (let i = 0; i < pixels; i++) {
      const component = colours.get(own[i]);
      if (component === undefined) continue;
      for (let k = 0; k < components; k++) gamma[(image * components + k) * pixels + i] = k === component ? 1 : 0;
    }
  }
  return { ...grouping, gamma };
}

/** Lines of pictures of one width, one below the other. */
function below(...lines) {
  const { width, channels } = lines[0];
  const data = Uint8Array.from(lines.flatMap((line) => [...line.data]));
  return encode({ width, height: data.length / width / channels, channels, depth: 8, data }, { zlib: { level: 9 } });
}

/** The first rows of a picture's tiles, from one row to another. */
function tiles(png, tile, from, to) {
  const { width, channels, data } = decode(png);
  return { width, channels, data: data.subarray(from * tile * width * channels, to * tile * width * channels) };
}

/** Images, their true groups, and the groups that were found. */
function besideTruth(found, images) {
  const grouping = part(found, [found.shape.steps - 1], images);
  const last = found.shape.batch * (found.shape.steps - 1) * found.shape.height * found.shape.width;
  const drawn = groupingPicture(grouping);
  const tile = 4 * found.shape.height + 4;
  const real = groupingPicture(truth(grouping, found.groups, found.labels.subarray(last)));
  return below(tiles(real, tile, 0, 2), tiles(drawn, tile, 1, 2));
}

/** Every picture, by its file in the repository. */
async function pictures() {
  const found = await grouped(8);
  const digits = await loadDigits({ folder: join(root, 'packages/digits/data') });
  const all = first(found.shape.steps);
  const steps = groupingPicture(part(found, [0, 1, 2, 3, 4, 6, 9, 14], [4]));
  const groupings = groupingPicture(part(found, [14], first(8)));
  const samples = (dataset) => samplesToPng(drawSamples(dataset, 'test', first(2)));
  return {
    'docs/pictures/groupings.gif': groupingAnimation(part(found, all, first(8))),
    'packages/core/pictures/steps.png': steps,
    'packages/datasets/pictures/flying-shapes.png': samples(flyingShapes({ seed: 0 })),
    'packages/digits/pictures/flying-digits.png': samples(flyingMnist({ seed: 0, digits })),
    'packages/kernels/pictures/steps.png': steps,
    'packages/metrics/pictures/scored.png': besideTruth(found, first(8)),
    'packages/models/pictures/groupings.png': groupings,
    'packages/report/pictures/steps.png': steps,
    'packages/train/pictures/groupings.png': groupings,
    'packages/webgpu/pictures/steps.png': steps,
  };
}

const out = process.argv[2] ?? root;
for (const [file, bytes] of Object.entries(await pictures())) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), bytes);
  console.log(`${file}: ${(bytes.length / 1000).toFixed(1)} kB`);
}
