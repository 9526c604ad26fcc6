import { spawn } from 'node:child_process';
import {
  chmodSync,
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const own = fileURLToPath(new URL('..', import.meta.url));
const root = join(own, '../..');

/** A block of code of a page. */
interface Block {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

function blocksOf(file: string, name: string): Block[] {
  const markdown = readFileSync(file, 'utf8');
  return [...markdown.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, language = '', code = ''], i) => ({
    ...{ language, code },
    title: `${name}, block ${i + 1}: ${code.split('\n').find((line) => line && !line.startsWith('import')) ?? ''}`,
  }));
}

const guides = join(own, 'content/guide');
const blocks = readdirSync(guides).flatMap((file) => blocksOf(join(guides, file), file));
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

/** What `nem` is called with beside what a page says, so that a training takes seconds. */
const SMALL = '--set validationInputs=2 --set epochs=1';
const FEW = '--set dataset.training=2 --set batchSize=2';
const ENGINE = '--engine wasm --workers 1';

/** Weights that say what they are of, in place of the guides' name for them. */
const weights = join(own, '../../packages/models/weights/static-shapes.safetensors');

/**
 * The command, made small: a training sees 2 inputs, and its report 2. Options of the page stand in front: the last one holds.
 * What `npm` would install is linked already.
 */
const NEM = `#!/bin/sh
nem() { "${process.execPath}" "${join(root, 'packages/train/dist/cli.js')}" "$@"; }
case "$*" in
  "train --resume "*) nem "$@" --count 2 ;;
  "train "*" --data "*) nem "$@" ${SMALL} ${ENGINE} --count 2 ;;
  "train "*) nem "$@" ${SMALL} ${FEW} ${ENGINE} --count 2 ;;
  "evaluate "*) nem "$@" ${ENGINE} --count 2 ;;
  "reproduce "*) nem "$@" ${SMALL} ${FEW} ${ENGINE} --count 2 ;;
  "bench "*) nem "$@" ${ENGINE} --steps 1 ;;
  *) nem "$@" ;;
esac
`;
const NPM = `#!/bin/sh
case "$1" in
  start) ;;
  install) shift; for name in "$@"; do [ -d "node_modules/$name" ] || { echo "no package $name"; exit 1; }; done ;;
  *) echo "npm $1 is not known to this test"; exit 1 ;;
esac
`;

describe('every block of code of the guides', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nem-guides-'));
    mkdirSync(join(folder, 'bin'));
    symlinkSync(join(own, 'node_modules'), join(folder, 'node_modules'));
    for (const [name, text] of Object.entries({ nem: NEM, npm: NPM })) {
      writeFileSync(join(folder, 'bin', name), text);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a program in a folder of its own page; gives what it printed and how it ended. */
  function run(
    command: string,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<{ status: number | null; output: string }> {
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, NO_COLOR: '1' };
    return new Promise((resolve, reject) => {
      // A group of its own, so that a block that takes too long ends with all that it started.
      const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
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

  it('is of a language that is run here', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['bash', 'sh', 'ts']);
  });

  it.for(of('ts'))('$title', { timeout: 120_000 }, async ({ code }, { signal }) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(join(folder, 'example.mjs'), outputText.replaceAll('WEIGHTS', weights));
    const { status, output } = await run(process.execPath, ['example.mjs'], signal);
    expect(status, output).toBe(0);
    expect(output).not.toBe('');
  });

  it.for(of('sh'))('$title', { timeout: 240_000 }, async ({ code }, { signal }) => {
    const { status, output } = await run('sh', ['-ec', code], signal);
    expect(status, output).toBe(0);
  });

  it.for(of('bash'))('$title: is a script that bash can read', async ({ code }, { signal }) => {
    const { status, output } = await run('bash', ['-nc', code], signal);
    expect(status, output).toBe(0);
  });
});
