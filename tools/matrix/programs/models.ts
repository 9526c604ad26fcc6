import { loadModel } from '@nem/models';

export async function use() {
  const model = await loadModel('static-shapes');
  const { labels } = await model.group(new Float32Array(784).fill(1, 300, 400), { steps: 2 });
  return [model.engine, labels.length];
}
