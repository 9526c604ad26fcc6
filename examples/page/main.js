// A trained network in a page, without a server: it draws an image of the test split, and colours its pixels by their component.
import { drawSamples, staticShapes } from '@nem/datasets';
import { loadModel } from '@nem/models';

const COLOURS = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
];
const dataset = staticShapes({ seed: 0 });
const model = await loadModel('static-shapes');
const element = (id) => document.getElementById(id);

/** Draws 28 × 28 pixels; `colour` gives red, green and blue of each. */
function draw(id, colour) {
  const context = element(id).getContext('2d');
  const image = context.createImageData(28, 28);
  for (let i = 0; i < 28 * 28; i++) image.data.set([...colour(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

let index = -1;
async function next() {
  index++;
  const { features } = drawSamples(dataset, 'test', [index]);
  const start = performance.now();
  const { labels } = await model.group(features);
  const milliseconds = Math.round(performance.now() - start);
  draw('image', (i) => Array(3).fill(255 * features[i]));
  draw('groups', (i) => (features[i] > 0 ? COLOURS[labels[i]] : [20, 24, 22]));
  const components = new Set(labels.filter((_, i) => features[i] > 0)).size;
  element('said').textContent = `Image ${index}: ${components} groups, found in ${milliseconds} ms.`;
}

element('next').addEventListener('click', next);
await next();
