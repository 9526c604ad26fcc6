// Host time and launches of a training step on Dawn's null device, which does no GPU work and has 512 MiB.
// node bench/host.mjs [batch] [components] [steps] [repeats]

import { deriveKey } from '@nem/random';
import { compile, requestDevice } from '@nem/webgpu';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
const [batch = 64, components = 3, steps = 20, repeats = 30] = process.argv.slice(2).map(Number);
const conv = (size) => ({ type: 'conv', size, kernel: 4, stride: 2, activation: 'elu', layerNorm: true });
const dense = (size, activation) => ({ type: 'dense', size, activation, layerNorm: true });
const flyingShapes = {
  network: {
    type: 'rnn-em',
    input: [{ type: 'reshape', shape: [28, 28, 1] }, conv(32), conv(64), { type: 'flatten' }, dense(512, 'elu')],
    recurrent: { size: 100, activation: 'sigmoid', layerNorm: true },
    output: [
      dense(512, 'relu'),
      dense(7 * 7 * 64, 'relu'),
      { type: 'reshape', shape: [7, 7, 64] },
      { type: 'resizeConv', size: 32, kernel: 4, activation: 'relu', layerNorm: true },
      { type: 'resizeConv', size: 1, kernel: 4, activation: 'sigmoid' },
    ],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: new Array(steps).fill(1), gammaGradient: false },
  image: [28, 28],
  components,
  noise: { type: 'bitFlip', probability: 0.2 },
};

globalThis.gpu = create(['backend=null']);
const device = await requestDevice(await globalThis.gpu.requestAdapter());
const began = performance.now();
const engine = await compile(device, { ...flyingShapes, batch });
const compiled = performance.now() - began;
const { dispatches, bytes } = await engine.plan(batch);
const frames = new Float32Array((steps + 1) * batch * 784).map((_, i) => (i * 7) % 2);
const times = [];
for (let i = 0; i < repeats; i++) {
  const start = performance.now();
  await engine.trainStep({ frames, batch }, { noise: deriveKey(0, 'noise', i), gamma: deriveKey(0, 'gamma', i) });
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
console.log(`flying shapes, ${batch} x ${components}, ${steps} steps, on Dawn's null device`);
console.log(`dispatches a step     ${dispatches}`);
console.log(`buffers               ${(bytes / 2 ** 20).toFixed(0)} MiB`);
console.log(`compile               ${compiled.toFixed(0)} ms`);
console.log(`host time of a step   ${times[repeats >> 1].toFixed(2)} ms (median), ${times[0].toFixed(2)} ms (least)`);
engine.dispose();
device.destroy();
