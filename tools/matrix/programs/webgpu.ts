import { deriveKey } from '@nem/random';
import { compile, requestDevice } from '@nem/webgpu';

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

type Adapter = Parameters<typeof requestDevice>[0];
type Gpu = { requestAdapter(): Promise<Adapter | null> };

/** In a browser a training step; Node has no GPU of its own, and is told so. */
export async function use() {
  const { gpu } = (globalThis as { navigator?: { gpu?: Gpu } }).navigator ?? {};
  const adapter = await gpu?.requestAdapter();
  if (!adapter) return compile(undefined as never, spec).catch(({ code }: { code: string }) => code);
  const engine = await compile(await requestDevice(adapter), spec);
  const { loss } = await engine.trainStep({ frames, batch: 2 }, keys);
  return loss.toFixed(3);
}
