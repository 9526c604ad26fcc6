import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchOptions } from '../../../tools/chromium.mjs';
import * as charts from '../src/charts.js';
import * as report from '../src/index.js';
import { files } from '../src/pictures/raster.fixture.js';
import { drawn } from './drawing.fixture.js';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'nem-report-'));
afterAll(() => rmSync(out, { recursive: true }));

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const encoded = { wasm: encode(files.wasm), fonts: files.fonts.map(encode) };

/** What is published, with all that it imports, as a bundler makes it for a page; a Node module in it is an import that stays. */
beforeAll(async () => {
  await build({
    config: false,
    silent: true,
    entry: Object.fromEntries(['index', 'charts', 'tensorboard'].map((name) => [name, join(dist, `${name}.js`)])),
    outDir: out,
    format: 'esm',
    platform: 'browser',
    splitting: false,
    noExternal: [/.*/],
    external: [/^node:/, ...builtinModules],
  });
});

describe('the bundle for browsers', () => {
  it.each(['index', 'charts', 'tensorboard'])('%s imports nothing, so no Node module', (name) => {
    const code = readFileSync(join(out, `${name}.js`), 'utf8');
    expect(code).toMatch(/export \{/);
    // A page has no such variable, and a bundler need not know it.
    expect(readFileSync(join(dist, `${name}.js`), 'utf8')).not.toContain('process.env');
    expect(code.match(/^import .*|\bimport\(.*|(?<![.\w])__?require\(".*/gm) ?? []).toEqual([]);
  });
});

describe.skipIf(!browserPath)('pictures and documents in a browser (needs chromium)', () => {
  let browser: Awaited<ReturnType<typeof chromium.launch>>;
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions);
  });
  afterAll(() => browser.close());

  it('are the same as in Node', async () => {
    const page = await browser.newPage();
    // Checksums need a page that counts as secure; nothing is fetched.
    await page.route('http://localhost/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto('http://localhost/');
    const libraries = ['index', 'charts'].map((name) => {
      const url = `data:text/javascript;base64,${encode(readFileSync(join(out, `${name}.js`)))}`;
      return `await import(${JSON.stringify(url)})`;
    });
    const source = `(async () => (${drawn})(${libraries.join()}, ${JSON.stringify(encoded)}))()`;
    const expected = await drawn(report, charts, encoded);
    expect(Object.values(expected)).not.toContain('none');
    expect(await page.evaluate(source)).toEqual(expected);
  });
});
