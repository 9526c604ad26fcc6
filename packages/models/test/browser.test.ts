import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath } from '../../../tools/chromium.mjs';
import { type EngineName, loadModel } from '../src/index.js';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };

/** WebGPU on the processor. */
const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** The packages as they are published, without a bundler: the page says where each is. */
const imports = {
  '@nem/models': '/models/dist/index.js',
  '@nem/core': '/core/dist/index.js',
  '@nem/random': '/random/dist/index.js',
  '@nem/kernels': '/kernels/dist/index.js',
  '@nem/kernels/engine': '/kernels/dist/engine.js',
  '@nem/webgpu': '/webgpu/dist/index.js',
};
const PAGE = `<!doctype html><meta charset="utf-8"><script type="importmap">${JSON.stringify({ imports })}</script>`;

const frame = Array.from({ length: 784 }, (_, i) => ((i >> 3) % 5 === 0 ? 1 : 0));

/** Groups a frame and follows two; sent to the page as text. */
async function used(library: { loadModel: typeof loadModel }, engine: EngineName | 'auto', pixels: number[]) {
  const model = await library.loadModel('static-shapes', { engine });
  const image = Float32Array.from(pixels);
  const { labels, gamma } = await model.group(image, { components: 3, seed: 1 });
  const streamed: number[] = [];
  for await (const found of model.stream([image, image], { components: 3 })) streamed.push(...found.gamma);
  return { engine: model.engine, labels: [...labels], gamma: [...gamma], streamed };
}

describe.skipIf(!browserPath)('in Chromium (needs chromium)', () => {
  let server: Server;
  let browser: Browser;
  let origin: string;
  let damaged = false;

  beforeAll(async () => {
    server = createServer(({ url = '/' }, response) => {
      response.setHeader(
        'content-type',
        TYPES[extname(url)] ?? (url === '/' ? TYPES['.html']! : 'application/octet-stream'),
      );
      if (url === '/') return void response.end(PAGE);
      const file = join(packages, url);
      if (!existsSync(file)) return void response.writeHead(404).end();
      const bytes = readFileSync(file);
      if (damaged && url.endsWith('.safetensors')) bytes[bytes.length - 9]! ^= 1;
      response.end(bytes);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', ...SOFTWARE_GPU] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** What the page gives for an engine. */
  async function inPage(engine: EngineName | 'auto') {
    const page = await browser.newPage();
    await page.goto(origin);
    const call = `import('@nem/models').then((library) => (${used})(library, '${engine}', ${JSON.stringify(frame)}))`;
    try {
      return await page.evaluate<Awaited<ReturnType<typeof used>>>(call);
    } finally {
      await page.close();
    }
  }

  it.each([
    ['auto', 'wasm'],
    ['plain', 'plain'],
    ['webgpu', 'webgpu'],
  ] as const)('%s computes on %s what Node computes in TypeScript', async (asked, taken) => {
    const found = await inPage(asked);
    const expected = await used({ loadModel }, 'plain', frame);
    expect(found.engine).toBe(taken);
    const worst = (ours: number[], theirs: number[]) =>
      ours.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)),
        ours.length === theirs.length ? 0 : 1,
      );
    expect(worst(found.gamma, expected.gamma)).toBeLessThan(1e-4);
    expect(worst(found.streamed, expected.streamed)).toBeLessThan(1e-4);
    expect(found.labels).toHaveLength(784);
  });

  it('refuses weights that were damaged on their way', async () => {
    damaged = true;
    await expect(inPage('plain')).rejects.toThrow(/the weights of static-shapes in http.* are damaged/);
    damaged = false;
  });
});
