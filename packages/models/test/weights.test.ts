import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModel, modelNames, weightsUrl } from '../src/index.js';
import { type Scores, score } from '../tools/score.mjs';

/** Scores as the trainer and `tools/add-model.mjs` wrote them. */
interface Training {
  readonly experiment: { readonly dataset: Parameters<typeof score>[1] };
  readonly seed: number;
  readonly test: { readonly noisy: Scores };
}

describe.each(modelNames)('%s', (name) => {
  it('has the scores on 1,000 test inputs that its card states', { timeout: 300_000 }, async () => {
    const model = await loadModel(name);
    const { experiment, seed, test } = model.training as unknown as Training;
    const found = await score(model, experiment.dataset, seed, true);
    // Engines differ in last bits, which turn a few pixels.
    expect(found.adjustedMutualInfo).toBeCloseTo(test.noisy.adjustedMutualInfo, 2);
    expect(found.adjustedRand).toBeCloseTo(test.noisy.adjustedRand, 2);
    const card = readFileSync(fileURLToPath(weightsUrl(name)!.href.replace('.safetensors', '.md')), 'utf8');
    expect(card).toContain(`**AMI ${test.noisy.adjustedMutualInfo.toFixed(3)}**`);
    model.dispose();
  });

  it('takes a few MB at most', () => {
    expect(statSync(fileURLToPath(weightsUrl(name)!)).size).toBeLessThan(8e6);
  });
});

it('is found by name in the CommonJS form too', async () => {
  const built = createRequire(import.meta.url)('../dist/index.cjs') as typeof import('../src/index.js');
  const model = await built.loadModel('static-shapes', { engine: 'plain' });
  expect(model.description.image).toEqual([28, 28]);
});
