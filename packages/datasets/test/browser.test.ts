import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchOptions } from '../../../tools/chromium.mjs';
import * as datasets from '../dist/index.js';

/**
 * SHA-256 of features (float32, little endian) then groups of the first 40 test samples at seed 7. They hold on every machine and
 * for ever: a change of them changes every experiment's data.
 */
const KNOWN = {
  'static-shapes': '84468bcb18216f808dffcec6bc9a9c11518c09fa8a004465aee5f89be3e6035c',
  'flying-shapes': '9e1e8fbd2b60473951df1ab1a71d37fd5012b1af5bbecc673cd1bc5e819c348a',
  'flying-shapes, sub-pixel': '571d835016566df467635bcc366cee585c48f80cb1d96cd4e199f77c9b070a51',
  'flying-mnist': '476b98d8be73cacaad58bd57271188a24aaf9bc8346bacfb83c9ab269865f840',
  'flying-mnist, sub-pixel': 'f9e9ddfb0c3374b4deb26b77edfc307e3982948418278dd795ec51be7f6d6c84',
};

/** Draws with a build of the package, here or in a page; returns the SHA-256 of features, then groups. */
async function checksum(library: typeof datasets, name: string): Promise<string> {
  const noise = Uint8Array.from({ length: 60 * 784 }, (_, i) => ((i * 7919) % 1009) % 256);
  const digits = { source: 'a pattern', height: 28, width: 28, training: noise, test: noise.slice(0, 6 * 784) };
  const subPixel = { type: 'subPixel', speed: [1, 2] } as const;
  const makers: Record<string, () => datasets.Dataset> = {
    'static-shapes': () => library.staticShapes({ seed: 7 }),
    'flying-shapes': () => library.flyingShapes({ seed: 7 }),
    'flying-shapes, sub-pixel': () => library.flyingShapes({ seed: 7, motion: subPixel }),
    'flying-mnist': () => library.flyingMnist({ seed: 7, digits }),
    'flying-mnist, sub-pixel': () => library.flyingMnist({ seed: 7, digits, motion: subPixel }),
  };
  const indices = Array.from({ length: 40 }, (_, i) => i);
  const { features, groups } = library.drawSamples(makers[name]!(), 'test', indices);
  const bytes = new Uint8Array(features.byteLength + groups.length);
  bytes.set(new Uint8Array(features.buffer));
  bytes.set(groups, features.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('samples in Node', () => {
  it.each(Object.entries(KNOWN))('of %s have the known checksum', async (name, known) => {
    expect(await checksum(datasets, name)).toBe(known);
  });
});

describe.skipIf(!browserPath)('samples in a browser (needs chromium)', () => {
  const dist = fileURLToPath(new URL('../dist/', import.meta.url));
  const random = dirname(createRequire(import.meta.url).resolve('@nem/random'));
  let server: Server;
  let browser: Awaited<ReturnType<typeof chromium.launch>>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (path === '/') {
        response.setHeader('content-type', 'text/html');
        response.end('<script type="importmap">{"imports":{"@nem/random":"/random/index.js"}}</script>');
        return;
      }
      const file = path.startsWith('/random/') ? join(random, path.slice(8)) : join(dist, path.slice(6));
      response.setHeader('content-type', 'text/javascript');
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await chromium.launch(launchOptions);
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('are the same bits as in Node, and MNIST files are read there', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    for (const [name, known] of Object.entries(KNOWN)) {
      const source = `import('/dist/index.js').then((library) => (${checksum.toString()})(library, '${name}'))`;
      expect(await page.evaluate(source)).toBe(known);
    }
    const idx = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8];
    const source = `import('/dist/mnist-browser.js').then(({ parseIdx }) => [...parseIdx(Uint8Array.from(${JSON.stringify(idx)})).data])`;
    expect(await page.evaluate(source)).toEqual([9, 8]);
  });
});
