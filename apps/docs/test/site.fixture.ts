import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { launchOptions } from '../../../tools/chromium.mjs';

/** The built site. */
export const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** The path that it is built for (scripts/build.mjs). */
export const BASE = process.env.NEM_DOCS_BASE ?? '/nem/';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** All pages of the site, by their paths under the base. */
export function pages(folder = DIST): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return path.endsWith('.html') ? [relative(DIST, path)] : [];
  });
}

/** Serves the built site as plain files under its base, as any web server would. */
export async function serve(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname.startsWith(BASE) ? pathname.slice(BASE.length) : '../nowhere');
    const file = join(DIST, path === '' || path.endsWith('/') ? `${path}index.html` : path);
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile())
      return void response.writeHead(404).end();
    const bytes = readFileSync(file);
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-length', bytes.length);
    response.end(bytes);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** @param gpu options of the browser in place of the one that turns GPUs off */
export const launch = (gpu: readonly string[] = ['--disable-gpu']): Promise<Browser> => {
  const { executablePath, args } = launchOptions;
  return chromium.launch({ executablePath, args: args.flatMap((arg) => (arg === '--disable-gpu' ? gpu : arg)) });
};

/** WebGPU that the processor plays. */
export const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** What the first page asks for until its network has taken a step, before the weights: bytes, compressed by gzip, and requests. */
export async function firstView(page: Page, origin: string): Promise<{ bytes: number; requests: number }> {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    const url = response.url();
    if (url.endsWith('.safetensors')) return;
    // A font in WOFF2 is compressed already.
    sizes.push(response.body().then((body) => (url.endsWith('.woff2') ? body : gzipSync(body)).length));
  });
  await page.goto(`${origin}${BASE}`);
  await page.locator('.explorer').first().getByText('ms a step').waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { bytes, requests: sizes.length };
}

/** What must not happen on any page: errors, and requests to another origin. */
export class Complaints {
  readonly list: string[] = [];

  constructor(
    page: Page,
    readonly origin: string,
  ) {
    page.on('pageerror', ({ message }) => this.list.push(`error: ${message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.list.push(`console: ${message.text()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.list.push(`${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol.startsWith('http') && asked !== this.origin) this.list.push(`foreign request: ${request.url()}`);
    });
  }
}

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };
