// The columns of bundlers: each makes one file of a program, for a page or for Node.
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { bundledFileOf } from './programs.js';
import { placeOf, type Row } from './rows.js';

export type Bundler = 'esbuild' | 'vite' | 'webpack' | 'rollup';

interface Job {
  readonly entry: string;
  /** The folder of the bundle, whose file is `bundle.mjs`. */
  readonly out: string;
  readonly place: 'node' | 'browser';
}

const NODE_MODULES = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

async function byEsbuild({ entry, out, place }: Job): Promise<void> {
  await esbuild({
    entryPoints: [entry],
    outfile: join(out, 'bundle.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: place,
    loader: { '.gz': 'file' },
    logLevel: 'silent',
    // What a bundle for Node that is an ES module needs for dependencies that call `require`.
    banner:
      place === 'node'
        ? { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
        : {},
  });
}

async function byVite({ entry, out, place }: Job): Promise<void> {
  const output = { entryFileNames: 'bundle.mjs' };
  await vite({
    configFile: false,
    root: join(entry, '..'),
    base: './',
    logLevel: 'silent',
    assetsInclude: ['**/*.gz'],
    ssr: place === 'node' ? { noExternal: true } : undefined,
    build: {
      ssr: place === 'node',
      outDir: out,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      assetsInlineLimit: 0,
      rollupOptions: { input: entry, output, preserveEntrySignatures: 'strict' },
    },
  });
}

function byWebpack({ entry, out, place }: Job): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    target: place === 'node' ? 'node20' : ['web', 'es2022'],
    entry,
    context: join(entry, '..'),
    experiments: { outputModule: true },
    optimization: { minimize: false },
    performance: { hints: false },
    module: { rules: [{ test: /\.gz$/, type: 'asset/resource' }] },
    output: { path: out, filename: 'bundle.mjs', module: true, library: { type: 'module' }, publicPath: 'auto' },
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error) reject(error);
      else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
      else compiler.close(() => resolve());
    });
  });
}

/** Files by their address, as `@rollup/plugin-url` does it. */
const files = (out: string) => ({
  name: 'files',
  load(id: string) {
    if (!id.endsWith('.gz')) return null;
    copyFileSync(id, join(out, 'data.gz'));
    return `export default new URL('data.gz', import.meta.url).href;`;
  },
});

async function byRollup({ entry, out, place }: Job): Promise<void> {
  const bundle = await rollup({
    input: entry,
    external: place === 'node' ? NODE_MODULES : [],
    plugins: [
      files(out),
      nodeResolve({ browser: place === 'browser', preferBuiltins: place === 'node' }),
      commonjs(),
      json(),
    ],
    onwarn: ({ code, message }) => {
      if (code === 'UNRESOLVED_IMPORT') throw new Error(message);
    },
  });
  await bundle.write({ dir: out, entryFileNames: 'bundle.mjs', format: 'es' });
  await bundle.close();
}

const BUNDLERS: Readonly<Record<Bundler, (job: Job) => Promise<void>>> = {
  esbuild: byEsbuild,
  vite: byVite,
  webpack: byWebpack,
  rollup: byRollup,
};

/** Bundles a row's program; resolves to the bundle's file. */
export async function bundled(projects: string, row: Row, bundler: Bundler): Promise<string> {
  const out = join(projects, row.install.folder, 'bundles', `${row.program}-${bundler}`);
  mkdirSync(out, { recursive: true });
  await BUNDLERS[bundler]({ entry: bundledFileOf(projects, row), out, place: placeOf(row, bundler) });
  copyWeights(projects, row, bundler);
  return join(out, 'bundle.mjs');
}

/** As the README of @nem/models says: esbuild and rollup leave `new URL(…, import.meta.url)` as it is, and the user copies the files. */
function copyWeights(projects: string, { install, program }: Row, bundler: Bundler): void {
  if (program !== 'models' || bundler === 'vite' || bundler === 'webpack') return;
  const from = join(projects, install.folder, 'node_modules/@nem/models/weights');
  const to = join(projects, install.folder, 'bundles/weights');
  if (!existsSync(to)) cpSync(from, to, { recursive: true });
}
