import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { EngineSpec } from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath } from '../../../tools/chromium.mjs';
import { elementAt } from '../src/required.js';

const require = createRequire(import.meta.url);
const own = new URL('../', import.meta.url);
/** Folders that the server shows, by the first part of a path: what a browser loads is what the packages publish. */
const vectorFolder = join(dirname(require.resolve('@nem/core/package.json')), 'vectors');
const folders: Record<string, string> = {
  webgpu: new URL('dist', own).pathname,
  ...Object.fromEntries(['core', 'random', 'datasets'].map((name) => [name, dirname(require.resolve(`@nem/${name}`))])),
  vectors: vectorFolder,
};
const imports = {
  '@nem/webgpu': '/webgpu/index.js',
  '@nem/core': '/core/index.js',
  '@nem/random': '/random/index.js',
  '@nem/datasets': '/datasets/index.js',
};
const importMap = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
/** The example of the README, as it stands there. */
const example = /```html\n([\s\S]*?)```/.exec(readFileSync(new URL('README.md', own), 'utf8'))?.[1] as string;
/** A software GPU needs 20 s for a step of 64 images, and seconds for one of four. */
const smaller = example.replace('batchSize: 64', 'batchSize: 4').replace('size: 250', 'size: 32');
const pages: Record<string, string> = { '/': importMap, '/example': importMap + smaller };
const vectors = readdirSync(vectorFolder).filter((file) => file.endsWith('.json'));

const spec: EngineSpec = {
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 24, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 196, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [0, 0, 1], gammaGradient: false },
  image: [14, 14],
  components: 3,
  noise: { type: 'bitFlip', probability: 0.1 },
};
/** Ten batches of 8 images, each with a lit block. */
const batches = Array.from({ length: 10 }, (_, b) =>
  Array.from({ length: 8 * 196 }, (_, i) => {
    const [image, y, x] = [Math.floor(i / 196), Math.floor(i / 14) % 14, i % 14];
    return Math.abs(y - ((image + b) % 9) - 2) < 3 && Math.abs(x - ((3 * image) % 9) - 2) < 3 ? 1 : 0;
  }),
);
const keys = (i: number) => ({ noise: deriveKey(1, 'noise', i), gamma: deriveKey(1, 'gamma', i) });

async function expectedLosses(): Promise<number[]> {
  await tf.setBackend('cpu');
  const engine = createTensorFlowEngine(spec, deriveKey(1, 'parameters'));
  const losses: number[] = [];
  for (const [i, frames] of batches.entries()) {
    losses.push((await engine.trainStep({ frames: Float32Array.from(frames), batch: 8 }, keys(i))).loss);
  }
  engine.dispose();
  return losses;
}

describe.skipIf(!browserPath)('in Chromium (needs chromium)', () => {
  let server: Server;
  let address: string;
  let browser: Awaited<ReturnType<typeof chromium.launch>>;
  let page: Page;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (pages[pathname]) {
        response.setHeader('content-type', 'text/html');
        response.end(pages[pathname]);
        return;
      }
      const [, name = '', file = ''] = pathname.split('/');
      const folder = folders[name];
      const path = folder && join(folder, file);
      if (!path || !existsSync(path)) return void response.writeHead(404).end();
      response.setHeader('content-type', file.endsWith('.json') ? 'application/json' : 'text/javascript');
      response.end(readFileSync(path));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--disable-background-networking'];
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
    });
    page = await browser.newPage();
    await page.goto(`${address}/`);
    await page.evaluate(`(async () => {
      const { requestDevice } = await import('@nem/webgpu');
      globalThis.device = await requestDevice(await navigator.gpu.requestAdapter());
    })()`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each(vectors)('%s holds, values and gradients', async (file) => {
    const rows = await page.evaluate<{ quantity: string; error: number; holds: boolean }[]>(`(async () => {
      const [{ parseVector, verify }, { compile }] = await Promise.all([import('@nem/core'), import('@nem/webgpu')]);
      const vector = parseVector(await (await fetch('/vectors/${file}')).json());
      return verify((spec) => compile(device, spec), vector);
    })()`);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });

  it('has the first ten losses of the engine cpu', async () => {
    const losses = await page.evaluate<number[]>(`(async () => {
      const [{ compile }, { deriveKey }] = await Promise.all([import('@nem/webgpu'), import('@nem/random')]);
      const engine = await compile(device, { ...${JSON.stringify(spec)}, key: deriveKey(1, 'parameters') });
      const losses = [];
      for (const [i, frames] of ${JSON.stringify(batches)}.entries()) {
        const keys = { noise: deriveKey(1, 'noise', i), gamma: deriveKey(1, 'gamma', i) };
        losses.push((await engine.trainStep({ frames: Float32Array.from(frames), batch: 8 }, keys)).loss);
      }
      engine.dispose();
      return losses;
    })()`);
    const expected = await expectedLosses();
    expect(expected[9]).toBeLessThan(elementAt(expected, 0));
    expect(losses).toHaveLength(10);
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss / elementAt(expected, i) - 1)).toBeLessThan(1e-3);
  });

  it("trains with the README's example", async () => {
    expect(example.split('\n').length).toBeLessThanOrEqual(32);
    expect(smaller).toContain('size: 32');
    expect(smaller).toContain('batchSize: 4,');
    const reader = await browser.newPage();
    const lines: string[] = [];
    const failed = new Promise<never>((_, reject) => reader.on('pageerror', reject));
    const printed = new Promise<void>((resolve) =>
      reader.on('console', (message) => {
        if (message.type() === 'log' && lines.push(message.text()) === 4) resolve();
      }),
    );
    await reader.goto(`${address}/example`);
    await Promise.race([printed, failed]);
    const printedLines = lines.map((line) => line.split(' ').map(Number));
    expect(printedLines.map(([i]) => i)).toEqual([0, 1, 2, 3]);
    const losses = printedLines.map((line) => elementAt(line, 1));
    expect(losses[3]).toBeLessThan(elementAt(losses, 0));
    await reader.close();
  });
});
