// The columns of TypeScript: strict, without skipLibCheck; what the compiler writes is run.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { fileOf, runInNode } from './programs.js';
import type { Row } from './rows.js';

type Resolution = 'node16' | 'nodenext' | 'bundler';

/**
 * Settings of each column. They also stand for users with other types at hand: none but the language's own in `node16` and
 * `nodenext`, those of the DOM in `bundler`; what needs Node is checked with Node's types too, in `nodenext`.
 */
const SETTINGS: Readonly<Record<Resolution, ts.CompilerOptions>> = {
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

const LANGUAGE = ['lib.es2022.d.ts'];
const DOM = [...LANGUAGE, 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'];

/** Files that programs share, read and parsed once for each form of module: the language's libraries, and packages. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, version, ...rest) => {
    if (!file.includes('/node_modules/')) return getSourceFile.call(host, file, version, ...rest);
    const key = `${typeof version === 'object' ? version.impliedNodeFormat : undefined} ${file}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile.call(host, file, version, ...rest));
    return parsed.get(key);
  };
  return host;
}

function optionsOf(row: Row, resolution: Resolution, out: string): ts.CompilerOptions {
  return {
    ...SETTINGS[resolution],
    target: ts.ScriptTarget.ES2022,
    types: row.runs === 'node' && resolution === 'nodenext' ? ['node'] : [],
    lib: row.dom || resolution === 'bundler' ? DOM : LANGUAGE,
    strict: true,
    skipLibCheck: false,
    // TypeScript's own libraries are not what is checked.
    skipDefaultLibCheck: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    typeRoots: [fileURLToPath(new URL('../node_modules/@types', import.meta.url))],
    outDir: out,
    rootDir: dirname(out),
  };
}

/** Whether a file is the program's or one of our packages': about the types of others we can do nothing. */
const isOurs = ({ fileName }: ts.SourceFile) =>
  !fileName.includes('/node_modules/') || fileName.includes('/node_modules/@nem/');

/** All faults of a program, but for those in the types of others. */
function faultsOf(program: ts.Program): readonly ts.Diagnostic[] {
  const ofFiles = program
    .getSourceFiles()
    .filter(isOurs)
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  return [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...ofFiles];
}

/** Compiles a row's program, runs what comes out and resolves to what that gives. */
export async function typed(projects: string, row: Row, resolution: Resolution): Promise<unknown> {
  const out = join(projects, row.install.folder, resolution);
  mkdirSync(out, { recursive: true });
  const options = optionsOf(row, resolution, out);
  // A bundler's user writes no CommonJS.
  const forms = resolution === 'bundler' || row.importsJson ? ['m'] : ['m', 'c'];
  const files = forms.map((form) => fileOf(projects, row, `${form}ts`));
  const program = ts.createProgram(files, options, hostOf(options));
  const faults = faultsOf(program);
  if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults.slice(0, 5), hostOf(options)));
  // Writing all files at once would look for faults in the types of others after all.
  for (const file of files) program.emit(program.getSourceFile(file));
  const given: unknown[] = [];
  for (const form of forms) given.push(await runInNode(projects, row, join(out, `${row.program}.${form}js`)));
  const [first, second] = given.map((one) => JSON.stringify(one));
  if (second !== undefined && first !== second) throw new Error(`import gives ${first}, require ${second}`);
  return given[0];
}
