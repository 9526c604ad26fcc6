import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchOptions } from '../../../tools/chromium.mjs';
import * as library from '../src/browser.js';

const out = mkdtempSync(join(tmpdir(), 'nem-browser-'));
afterAll(() => rmSync(out, { recursive: true }));

/** What is published for browsers, with all that it imports, as esbuild makes it for a page. */
beforeAll(async () => {
  await build({
    config: false,
    silent: true,
    entry: { browser: fileURLToPath(new URL('../dist/browser.js', import.meta.url)) },
    outDir: out,
    format: 'esm',
    platform: 'browser',
    splitting: false,
    noExternal: [/.*/],
    external: [/^node:/, ...builtinModules],
  });
});

const code = () => readFileSync(join(out, 'browser.js'), 'utf8');

it('the bundle for browsers imports nothing, so no Node module', () => {
  expect(code()).toMatch(/export \{/);
  expect(code().match(/^import .*|\bimport\(["'].*|(?<![.\w])__?require\(".*/gm) ?? []).toEqual([]);
});

/**
 * Uses each part of the library, here or in a page; text and numbers only, which must be the same.
 * The function is sent to the page as text: it uses nothing from outside itself.
 */
async function used(nem: typeof library): Promise<unknown> {
  const dataset = {
    ...{ name: 'dots', height: 2, width: 3, frames: 1, objects: 2, sizes: { training: 2, validation: 2, test: 3 } },
    draw(_split: string, index: number, out: { features: Float32Array; groups: Uint8Array }, position: number) {
      const [from, to] = [position * 6, (position + 1) * 6];
      out.features.fill(0, from, to)[from + index] = 1;
      out.groups.fill(0, from, to)[from + index] = 1;
    },
  } as unknown as Parameters<typeof nem.evaluate>[0]['dataset'];
  const { experiment } = nem.defineExperiment({ dataset, components: 2, steps: 3 });
  const inferred = (batch: number) => ({
    ...{ loss: 3, losses: [{ intra: 1, inter: 2, upper: 0.5 }], gamma: new Float32Array(batch * 12).fill(0.5) },
    ...{ predictions: new Float32Array(batch * 12).fill(0.25), corrupted: new Float32Array(batch * 6) },
  });
  const engine = { infer: async ({ batch }: { batch: number }) => inferred(batch) } as never;
  const scores = await nem.evaluate({
    ...{ engine, dataset, split: 'test', count: 3 },
    components: 2,
    batchSize: 2,
    seed: 0,
  });
  const refused = (value: unknown) => {
    try {
      return nem.parseExperiment(value).name;
    } catch (error) {
      return error instanceof nem.UsageError && error.message;
    }
  };
  const samples = {
    frames: 1,
    count: 1,
    height: 2,
    width: 2,
    features: new Float32Array(4),
    groups: new Uint8Array(4),
  };
  const epoch = { ...{ epoch: 1, update: 2, seconds: 3 }, training: { loss: 9 }, validation: { loss: 8 } } as never;
  return {
    ...{
      scores,
      sentence: nem.scoreSentence(scores),
      experiment,
      spec: nem.engineSpec(nem.findExperiment('static-shapes')),
    },
    refused: [refused(experiment), refused({ ...experiment, steps: 0 })],
    png: [...nem.samplesToPng(samples).subarray(0, 8)],
    curves: nem.trainingCurvesSvg([epoch]).startsWith('<svg'),
    frames: nem.toBatch(samples).batch,
  };
}

describe.skipIf(!browserPath)('in a browser (needs chromium)', () => {
  let browser: Awaited<ReturnType<typeof chromium.launch>>;
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions);
  });
  afterAll(() => browser.close());

  it('experiments, scores and pictures are the same as in Node', async () => {
    const page = await browser.newPage();
    await page.route('http://localhost/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto('http://localhost/');
    const url = `data:text/javascript;base64,${Buffer.from(code()).toString('base64')}`;
    const expected = (await used(library)) as { refused: unknown[]; scores: object };
    expect(expected.refused).toEqual(['dots', 'steps is 0: give a number of at least 1.']);
    expect(expected.scores).toMatchObject({ inputs: 3, loss: 3, predictionLoss: 0.5 });
    const found = await page.evaluate(`import(${JSON.stringify(url)}).then(${used})`);
    expect(found).toEqual(JSON.parse(JSON.stringify(expected)));
  });
});
