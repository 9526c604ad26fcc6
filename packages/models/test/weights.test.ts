import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { weightsDigest } from '../src/catalogue.js';
import { loadModel, modelNames, weightsUrl } from '../src/index.js';
import { type Scores, score } from '../tools/score.mjs';

/** Scores as the trainer and `tools/add-model.mjs` wrote them. */
interface Training {
  readonly experiment: { readonly dataset: Parameters<typeof score>[1] };
  readonly seed: number;
  readonly test: { readonly noisy: Scores };
}

describe.each(modelNames)('%s', (name) => {
  it('has the scores on test inputs that its card states', async () => {
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

  it('is the file that the catalogue has the digest of', () => {
    const digest = createHash('sha256')
      .update(readFileSync(weightsUrl(name)!))
      .digest('hex');
    expect(weightsDigest(name)).toBe(digest);
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

it('is refused in one sentence where its weights are damaged', async () => {
  // Beside the package, so that those that it needs are found.
  const copy = new URL('./damaged.generated/', import.meta.url);
  for (const folder of ['dist', 'weights']) {
    cpSync(new URL(`../${folder}`, import.meta.url), new URL(folder, copy), { recursive: true });
  }
  const file = new URL('weights/static-shapes.safetensors', copy);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1000]! ^= 1;
  writeFileSync(file, bytes);
  try {
    const damaged = (await import(
      /* @vite-ignore */ new URL('dist/index.js', copy).href
    )) as typeof import('../src/index.js');
    await expect(damaged.loadModel('static-shapes', { engine: 'plain' })).rejects.toThrow(
      /^the weights of static-shapes in .*static-shapes\.safetensors are damaged: their SHA-256 begins with [0-9a-f]{8} in place of [0-9a-f]{8}; install @nem\/models again, or load the page again\.$/,
    );
    expect((await damaged.loadModel('static-shapes-nem', { engine: 'plain' })).engine).toBe('plain');
  } finally {
    rmSync(copy, { recursive: true });
  }
});
