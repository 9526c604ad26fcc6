import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { npmrc, pnpm, type Registry, run } from 'registry';
import { launchOptions } from '../../chromium.mjs';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

/** Copies an example to `at`, as a reader would, and installs what it asks for from the registry. */
export async function installExample(name: string, at: string, registry: Registry): Promise<void> {
  const filter = (from: string) => !['node_modules', 'runs', 'dist'].includes(basename(from));
  cpSync(join(examples, name), at, { recursive: true, filter });
  writeFileSync(join(at, '.npmrc'), npmrc(registry.url));
  await pnpm(['install', '--prefer-offline', '--ignore-scripts'], { cwd: at, env: registry.env });
}

/** Runs a script of an example's package.json; gives what it printed. */
export async function script(at: string, name: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('npm', ['run', '--silent', name, '--', ...args], { cwd: at });
  return stdout;
}

/** What makes a training of an example take seconds. */
export const SMALL_TRAINING = [
  ...['--max-minutes', '0.001', '--engine', 'wasm', '--workers', '1', '--count', '2'],
  ...['--set', 'validationInputs=2', '--set', 'batchSize=2'],
];

const imports = (python: string | undefined, module: string) =>
  python !== undefined && spawnSync(python, ['-c', `import numpy, ${module}`], { stdio: 'ignore' }).status === 0;

/** Pythons of this machine that have a package; undefined where there is none. */
export const pythonWith = (module: 'torch' | 'onnxruntime'): string | undefined =>
  [process.env.NEM_TORCH_PYTHON, process.env.PYTHON, 'python3'].find((python) => imports(python, module));

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder of files, and gives what a reader of its page sees after a click on its button. */
export async function visit(dist: string): Promise<{ first: string; second: string; errors: readonly string[] }> {
  const server = createServer((request, response) => {
    const file = join(dist, request.url === '/' ? 'index.html' : (request.url ?? ''));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const said = async (text: string) => {
      const output = page.locator('output', { hasText: text });
      await output.waitFor({ timeout: 120_000 });
      return (await output.textContent()) ?? '';
    };
    const first = await said('Image 0:');
    await page.getByRole('button').click();
    return { first, second: await said('Image 1:'), errors };
  } finally {
    await browser.close();
    server.close();
  }
}
