// A row's program in the forms in which users write it: TypeScript, an ES module, CommonJS.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from 'registry';
import ts from 'typescript';
import type { Row } from './rows.js';

const folder = fileURLToPath(new URL('../programs/', import.meta.url));

/** The file of a row's program in a project, by its extension. */
export const fileOf = (projects: string, row: Row, extension: string) =>
  join(projects, row.install.folder, `${row.program}.${extension}`);

function transpiled(source: string, module: ts.ModuleKind): string {
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** A program that each way of loading writes otherwise: in Node and in pages, and for bundlers. */
function copyProgram(projects: string, row: Row): void {
  for (const extension of ['mjs', 'cjs', 'bundle.mjs']) {
    copyFileSync(join(folder, `${row.program}.${extension}`), fileOf(projects, row, extension));
  }
}

/** Writes a program into its project: `.mts` and `.cts` for the type checker, `.mjs` and `.cjs` for Node and bundlers. */
export function writeProgram(projects: string, row: Row): void {
  const source = join(folder, `${row.program}.ts`);
  if (!existsSync(source)) {
    copyProgram(projects, row);
    return;
  }
  const text = readFileSync(source, 'utf8');
  for (const extension of ['mts', 'cts']) copyFileSync(source, fileOf(projects, row, extension));
  writeFileSync(fileOf(projects, row, 'mjs'), transpiled(text, ts.ModuleKind.ESNext));
  writeFileSync(fileOf(projects, row, 'cjs'), transpiled(text, ts.ModuleKind.CommonJS));
}

/** What a bundler starts from. */
export function bundledFileOf(projects: string, row: Row): string {
  const own = fileOf(projects, row, 'bundle.mjs');
  return existsSync(own) ? own : fileOf(projects, row, 'mjs');
}

/** Runs a program's file in Node, in its project; resolves to what it gives. */
export async function runInNode(projects: string, row: Row, file: string): Promise<unknown> {
  const isModule = !file.endsWith('.cjs');
  const load = isModule
    ? `import(${JSON.stringify(pathToFileURL(file).href)})`
    : `Promise.resolve(require(${JSON.stringify(file)}))`;
  const code = `${load}.then(({ use }) => use()).then((given) => console.log('given: ' + JSON.stringify(given)))`;
  const args = [`--input-type=${isModule ? 'module' : 'commonjs'}`, '--eval', code];
  const { stdout } = await run(process.execPath, args, { cwd: join(projects, row.install.folder) });
  const [, given] = /^given: (.*)$/m.exec(stdout) ?? [];
  if (given === undefined) throw new Error(`the program printed ${JSON.stringify(stdout)}`);
  return JSON.parse(given);
}
