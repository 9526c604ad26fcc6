import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey } from '@nem/random';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

const spec = {
  network: { type: 'n-em', size: 8 },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [0, 1], gammaGradient: false },
  image: [4, 4],
  components: 2,
  noise: { type: 'bitFlip', probability: 0.1 },
} as const;
const keys = { noise: deriveKey(0, 'noise', 0), gamma: deriveKey(0, 'gamma', 0) };
const frames = Float32Array.from({ length: 32 }, (_, i) => i % 2);

export async function use() {
  await setBackend('cpu');
  const engine = createTensorFlowEngine(spec, deriveKey(0, 'parameters'));
  const { loss } = await engine.trainStep({ frames, batch: 2 }, keys);
  return loss.toFixed(3);
}
