import { readFileSync } from 'node:fs';
import { loadWasm } from '@nem/kernels';
import { createKernelEngine } from '@nem/kernels/engine';
import { weightsUrl } from '@nem/models';
import { deriveKey } from '@nem/random';
import { expect, it } from 'vitest';
import type { StepResult } from './messages.js';
import { liveModel, type ModelName, modelsFor } from './models.js';
import { engineSpecOf, openNetwork, readWeights } from './network.js';
import { sampleScene } from './scene.js';
import { trace } from './trace.js';
import { byEngine, type Unroll } from './unroll.js';

const weightsOf = (name: ModelName) => readWeights(readFileSync(weightsUrl(name) as URL));

const steps = async (unroll: Unroll, name: ModelName, moving: boolean, sample: number) => {
  const { objects, components, steps: count, noise } = liveModel(name);
  const scene = { ...sampleScene(moving, objects, sample, count), components, steps: count, noise, seed: sample };
  const results: StepResult[] = [];
  for await (const result of trace(unroll, scene, 784)) results.push(result);
  return results;
};

const last = async (name: ModelName, moving: boolean, sample: number) =>
  (await steps((await openNetwork(weightsOf(name), 'auto')).unroll, name, moving, sample)).at(-1);

const meanAmi = async (name: ModelName, moving: boolean) => {
  let sum = 0;
  for (let sample = 0; sample < 8; sample++) sum += (await last(name, moving, sample))?.ami ?? Number.NaN;
  return sum / 8;
};

it('groups test images that the network has not seen, still and moving', async () => {
  expect(await meanAmi('static-shapes', false)).toBeGreaterThan(0.6);
  expect(await meanAmi('static-shapes', true)).toBeGreaterThan(0.5);
  expect(await meanAmi('static-shapes-nem', false)).toBeGreaterThan(0.3);
  expect(await meanAmi('flying-shapes-3', true)).toBeGreaterThan(0.75);
});

it('gives the same steps for the same seed, and others for another', async () => {
  const [first, second, third] = await Promise.all([3, 3, 4].map((sample) => last('static-shapes-nem', false, sample)));
  expect(first?.gamma).toEqual(second?.gamma);
  expect(first?.gamma).not.toEqual(third?.gamma);
});

it('computes the same in WebAssembly, in TypeScript and by an engine that unrolls all steps at once', async () => {
  const weights = weightsOf('static-shapes');
  const engine = byEngine(async (components, count) => {
    const spec = engineSpecOf(weights.model, components, count);
    const made = createKernelEngine(loadWasm(), spec, deriveKey(0, 'parameters'));
    made.setParameters(weights.parameters);
    return made;
  });
  const [plain, wasm] = await Promise.all((['plain', 'auto'] as const).map((choice) => openNetwork(weights, choice)));
  expect([plain?.compute, wasm?.compute]).toEqual(['plain', 'wasm']);
  for (const moving of [false, true]) {
    const expected = await steps(plain!.unroll, 'static-shapes', moving, 5);
    for (const unroll of [wasm!.unroll, engine]) {
      const found = await steps(unroll, 'static-shapes', moving, 5);
      expect(found).toHaveLength(expected.length);
      // Rounding grows from step to step.
      for (const t of [0, 3]) {
        expect(found[t]?.noisy).toEqual(expected[t]?.noisy);
        const worst = found[t]!.gamma.reduce((most, g, i) => Math.max(most, Math.abs(g - expected[t]!.gamma[i]!)), 0);
        expect(worst).toBeLessThan(1e-3);
      }
    }
  }
});

it('offers the networks that were trained on sequences first where things move, and those alone that fit a still image', () => {
  expect(modelsFor('still').map((name) => liveModel(name).trainedOn)).not.toContain('moving');
  const kinds = modelsFor('moving').map((name) => liveModel(name).trainedOn);
  expect(kinds).toEqual([...kinds].sort());
});
