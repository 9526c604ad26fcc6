import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
type PluginBuild = Parameters<Plugin['setup']>[0];

const carriedAssets = fileURLToPath(new URL('bundle/assets.ts', import.meta.url));
const vectors = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');

// CommonJS packages require Node's modules.
const REQUIRE =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";
// As Node resolves: some packages' ES modules are for other bundlers.
const mainFields = ['main', 'module'];

/** The program of the pool's worker threads as the text of one file. */
async function poolWorker({ esbuild }: PluginBuild): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('src/engines/pool/worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    mainFields,
    banner: { js: REQUIRE },
  });
  return outputFiles[0]!.text;
}

/** Puts bundle/assets.ts in the place of src/system/assets.ts, and writes the modules that have the golden vectors and the worker. */
const carry: Plugin = {
  name: 'carry-assets',
  setup(build) {
    build.onResolve({ filter: /\/assets\.js$/ }, ({ importer }) =>
      importer.includes(join('train', 'src')) ? { path: carriedAssets } : undefined,
    );
    build.onResolve({ filter: /^(golden-vectors|pool-worker)$/ }, ({ path }) => ({ path, namespace: path }));
    build.onLoad({ filter: /.*/, namespace: 'golden-vectors' }, () => {
      const files = readdirSync(vectors).filter((file) => file.endsWith('.json'));
      const imports = files.map((file, i) => `import v${i} from './${file}';`);
      const entries = files.map((file, i) => `${JSON.stringify(file)}: v${i}`);
      return { contents: `${imports.join('\n')}\nexport default { ${entries.join(', ')} };`, resolveDir: vectors };
    });
    build.onLoad({ filter: /.*/, namespace: 'pool-worker' }, async () => ({
      contents: await poolWorker(build),
      loader: 'text',
    }));
  },
};

/** The command as one file that needs Node and, for a GPU, the package `webgpu` beside it: `pnpm bundle`. */
export default defineConfig({
  entry: { nem: 'src/cli.ts' },
  outDir: 'dist-bundle',
  format: 'esm',
  outExtension: () => ({ js: '.mjs' }),
  platform: 'node',
  target: 'node20',
  clean: true,
  splitting: false,
  minify: true,
  noExternal: [/.*/],
  loader: { '.wasm': 'binary', '.ttf': 'binary', '.py': 'text' },
  esbuildPlugins: [carry],
  esbuildOptions(options) {
    options.mainFields = mainFields;
  },
  banner: { js: REQUIRE },
});
