// Pages of programs in Chromium, from a server on this machine.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { browserPath } from '../../chromium.mjs';
import { importMap } from './import-map.js';
import { fileOf } from './programs.js';
import type { Row } from './rows.js';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Milliseconds for a page: a software GPU compiles each kernel for half a second. */
const TIMEOUT = 120_000;

/** A browser, and a server of the projects' files. */
export class Pages {
  readonly #browser: Browser;
  readonly #server: ReturnType<typeof createServer>;
  readonly #html = new Map<string, string>();
  readonly #root: string;

  private constructor(browser: Browser, root: string) {
    this.#browser = browser;
    this.#root = realpathSync(root);
    this.#server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      const html = this.#html.get(path);
      const file = join(this.#root, path);
      if (!html && !existsSync(file)) return void response.writeHead(404).end();
      response.setHeader('content-type', html ? 'text/html' : (TYPES[extname(path)] ?? 'application/octet-stream'));
      response.end(html ?? readFileSync(file));
    });
  }

  static async open(root: string): Promise<Pages> {
    const pages = new Pages(await chromium.launch({ executablePath: browserPath, args: ARGUMENTS }), root);
    await new Promise<void>((listening) => pages.#server.listen(0, '127.0.0.1', listening));
    return pages;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }

  #address(file: string): string {
    const path = relative(this.#root, realpathSync(file));
    if (path.startsWith('..')) throw new Error(`${file} does not stand below ${this.#root}`);
    return `/${path}`;
  }

  /** Opens a page with a module as `<script type="module">`; resolves to what its program gives. */
  async run(file: string, map = new Map<string, string>()): Promise<unknown> {
    const imports = Object.fromEntries([...map].map(([specifier, target]) => [specifier, this.#address(target)]));
    const path = `/pages/${this.#html.size}.html`;
    this.#html.set(
      path,
      `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
      <script type="module">import { use } from '${this.#address(file)}'; globalThis.given = use().then(JSON.stringify);</script>`,
    );
    const page = await this.#browser.newPage();
    try {
      const failed = new Promise<never>((_, reject) => {
        page.on('pageerror', reject);
        page.on('response', (response) => {
          if (response.status() === 404 && !response.url().endsWith('.ico')) reject(new Error(`no ${response.url()}`));
        });
      });
      failed.catch(() => {});
      await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`);
      await Promise.race([failed, page.waitForFunction('globalThis.given', undefined, { timeout: TIMEOUT })]);
      return JSON.parse(await Promise.race([failed, page.evaluate<string>('globalThis.given')]));
    } finally {
      await page.close();
    }
  }

  /** Runs a row's program without a bundler, by an import map. */
  async runByImportMap(projects: string, row: Row): Promise<unknown> {
    const program = fileOf(projects, row, 'mjs');
    const out = join(projects, row.install.folder, 'cdn');
    return this.run(program, await importMap(program, out, row.install.packages));
  }
}
