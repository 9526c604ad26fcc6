// The import map of a page that loads a program without a bundler: our packages as they are installed, third parties as a CDN gives
// them, each as one ES module.
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';

type Exports = string | { readonly [key: string]: Exports };

const CONDITIONS = ['browser', 'import', 'default'];

/** The file that an entry of `exports` gives a page. */
function chosen(entry: Exports): string | undefined {
  if (typeof entry === 'string') return entry;
  const condition = CONDITIONS.find((name) => entry[name] !== undefined);
  return condition === undefined ? undefined : chosen(entry[condition]!);
}

/** The folder of a package as a file sees it. */
function folderOf(name: string, from: string): string {
  let folder = dirname(realpathSync(from));
  while (!existsSync(join(folder, 'node_modules', name))) {
    if (folder === dirname(folder)) throw new Error(`${basename(from)} imports ${name}, which is not installed for it`);
    folder = dirname(folder);
  }
  return realpathSync(join(folder, 'node_modules', name));
}

/** The file of a specifier of ours, by the package's `exports`. */
function ownFile(specifier: string, from: string): string {
  const [, name = '', path = ''] = /^(@nem\/[^/]+)(.*)$/.exec(specifier) ?? [];
  const folder = folderOf(name, from);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: { [key: string]: Exports };
  };
  const exact = exports[`.${path}`];
  if (exact) return join(folder, chosen(exact)!);
  const [pattern] = Object.keys(exports).filter((key) => key.endsWith('/*') && `.${path}`.startsWith(key.slice(0, -1)));
  if (!pattern) throw new Error(`${name} exports no .${path}`);
  return join(folder, chosen(exports[pattern]!)!.replace('*', `.${path}`.slice(pattern.length - 1)));
}

/** A third party's module in one file; what the user installs beside it stays one copy for all. */
async function thirdParty(specifier: string, from: string, out: string, shared: readonly string[]): Promise<string> {
  const file = join(out, `${specifier.replaceAll(/[^\w-]/g, '_')}.mjs`);
  const contents = `export * from '${specifier}'; import * as all from '${specifier}'; export default all.default ?? all;`;
  mkdirSync(out, { recursive: true });
  await build({
    stdin: { contents, resolveDir: dirname(realpathSync(from)) },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: shared.filter((name) => name !== specifier),
    logLevel: 'silent',
  });
  return file;
}

/** What a file names: by `import`, `export … from`, `import()` and `import.meta.resolve()` with a literal. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const resolved = [...text.matchAll(/import\.meta\.resolve\('([^']+)'\)/g)].map(([, specifier]) => specifier!);
  return [...ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName), ...resolved];
}

/**
 * The files of all specifiers that a program and what it imports name.
 * @param out where third parties' modules go
 * @param shared the packages that the user installs
 */
export async function importMap(program: string, out: string, shared: readonly string[]): Promise<Map<string, string>> {
  const map = new Map<string, string>();
  const waiting = [program];
  const seen = new Set(waiting);
  const visit = (file: string) => {
    if (!seen.has(file) && /\.m?js$/.test(file)) waiting.push(file);
    seen.add(file);
  };
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (specifier.startsWith('@nem/')) {
        map.set(specifier, ownFile(specifier, file));
        visit(map.get(specifier)!);
      } else if (!map.has(specifier) && !specifier.startsWith('node:')) {
        map.set(specifier, await thirdParty(specifier, file, out, shared));
        visit(map.get(specifier)!);
      }
    }
  }
  return map;
}
