import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The site's folder, and the repository's. */
export const own = fileURLToPath(new URL('..', import.meta.url));
export const root = join(own, '../..');

/** A block of code of a page. */
export interface Block {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

/** The blocks of code of a page, in order. @param name of the page, for the titles */
export function blocksOf(file: string, name: string): Block[] {
  const markdown = readFileSync(file, 'utf8');
  return [...markdown.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, language = '', code = ''], i) => ({
    ...{ language, code },
    title: `${name}, block ${i + 1}: ${code.split('\n').find((line) => line && !/^(import|<)/.test(line)) ?? ''}`,
  }));
}

/** What `nem` is called with beside what a page says, so that a training takes seconds. */
const SMALL = '--set validationInputs=1 --set epochs=1';
const FEW = '--set dataset.training=1 --set batchSize=1';
const ENGINE = '--engine wasm --workers 1';

/** Weights that say what they are of, in place of the guides' name for them. */
const weights = join(root, 'packages/models/weights/static-shapes.safetensors');

/**
 * The command, made small: a training sees one input, and its report one; with data of one's own, it ends after an update.
 * Options of the page stand in front: the last one holds. Of all of the paper only the arguments are looked at, and so of a peer
 * that is not there; what libtensorflow needs is not set up: CI does that by itself.
 */
const NEM = `#!/bin/sh
nem() { "${process.execPath}" "${join(root, 'packages/train/dist/cli.js')}" "$@"; }
case "$*" in
  "train --resume "*) nem "$@" --count 1 ;;
  "train "*.json) nem train --help ;;
  "train ./"*) nem "$@" ${SMALL} ${ENGINE} --count 1 --max-minutes 0.0001 ;;
  "train "*" --data "*) nem "$@" ${SMALL} ${ENGINE} --count 1 ;;
  "train "*) nem "$@" ${SMALL} ${FEW} ${ENGINE} --count 1 ;;
  "evaluate "*) nem "$@" ${ENGINE} --count 1 ;;
  "reproduce all --list"*) nem "$@" --out listed ;;
  "reproduce all"*) nem reproduce all --help ;;
  "reproduce "*) nem "$@" ${SMALL} ${FEW} ${ENGINE} --count 1 ;;
  "bench "*--against* | "bench ./"*) nem bench --help ;;
  "bench") nem bench static-shapes ${ENGINE} --steps 1 --no-peer ;;
  "bench "*) nem "$@" ${ENGINE} --steps 1 --no-peer --set batchSize=1 ;;
  "engines setup "*) nem engines setup --help ;;
  "verify --engine tensorflow") nem verify ${ENGINE} ;;
  *) nem "$@" ;;
esac
`;
/** What a page installs is linked already, from the packages that the workspace installs for itself. */
const NPM = `#!/bin/sh
case "$1" in
  start | test) ;;
  run) shift 3; nem "$@" ;;
  install) shift; for name in "$@"; do
    case "$name" in -*) continue ;; esac
    [ -d "node_modules/$name" ] || { echo "no package $name"; exit 1; }
  done ;;
  *) echo "npm $1 is not known to this test"; exit 1 ;;
esac
`;
/** A virtual environment whose \`pip\` installs nothing. */
const PYTHON = `#!/bin/sh
[ "$1 $2" = "-m venv" ] || { echo "python3 $* is not known to this test"; exit 1; }
mkdir -p "$3/bin" && printf '#!/bin/sh\\n' > "$3/bin/pip" && chmod +x "$3/bin/pip"
`;
/** A session on a card is a test of its own. */
const NODE = `#!/bin/sh
case "$1" in
  tools/gpu-session.mjs) exec "${process.execPath}" "${join(root, 'tools/gpu-session.mjs')}" --help ;;
  *) exec "${process.execPath}" "$@" ;;
esac
`;
const PROGRAMS = { nem: NEM, npx: '#!/bin/sh\nexec "$@"\n', npm: NPM, python3: PYTHON, node: NODE };

/** Packages of the workspace whose dependencies a page may import. */
const INSTALLED = ['apps/docs', 'packages/train', 'packages/datasets', 'packages/report', 'packages/core'];

function linkModules(folder: string): void {
  const link = (from: string, to: string) => existsSync(to) || symlinkSync(from, to);
  mkdirSync(folder);
  for (const place of INSTALLED.map((name) => join(root, name, 'node_modules'))) {
    for (const name of readdirSync(place).filter((entry) => !entry.startsWith('.'))) {
      if (!name.startsWith('@')) {
        link(join(place, name), join(folder, name));
        continue;
      }
      mkdirSync(join(folder, name), { recursive: true });
      for (const inner of readdirSync(join(place, name))) link(join(place, name, inner), join(folder, name, inner));
    }
  }
}

/** A folder in which blocks of code run as if their packages had been installed there, with small programs by the usual names. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'nem-blocks-'));

  constructor() {
    mkdirSync(join(this.folder, 'bin'));
    linkModules(join(this.folder, 'node_modules'));
    for (const [name, text] of Object.entries(PROGRAMS)) {
      writeFileSync(join(this.folder, 'bin', name), text);
      chmodSync(join(this.folder, 'bin', name), 0o755);
    }
  }

  /** Runs a program in the folder; gives what it printed and how it ended. */
  run(
    command: string,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<{ status: number | null; output: string }> {
    const env = { ...process.env, PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`, NO_COLOR: '1' };
    return new Promise((resolve, reject) => {
      // A group of its own, so that a block that takes too long ends with all that it started.
      const child = spawn(command, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      signal.addEventListener('abort', () => child.pid && process.kill(-child.pid, 'SIGKILL'));
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data) => {
          output += data;
        });
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, output }));
    });
  }

  /** Runs a block of TypeScript or JavaScript as an ES module. */
  script(code: string, signal: AbortSignal): Promise<{ status: number | null; output: string }> {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(this.folder, 'example.mjs'), outputText.replaceAll('WEIGHTS', weights));
    return this.run(process.execPath, ['example.mjs'], signal);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
