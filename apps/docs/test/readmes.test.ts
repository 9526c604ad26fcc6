import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf, root, Sandbox } from './blocks.fixture.js';

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'README.md')),
);
const readmes = ['README.md', ...packages.map((name) => `packages/${name}/README.md`)];

/** What a block prints, where a README says so or a reader counts on it. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'README.md, block 2': /^([abcd ] ){27}[abcd ](\n([abcd ] ){27}[abcd ]){27}$/,
  'packages/models/README.md, block 2': /^2352 9408 (native|wasm)$/,
  'packages/models/README.md, block 5': /^784(\n784){4}$/,
  'packages/kernels/README.md, block 2': /^\w+ 0 \d+\.\d+\n\w+ 1 \d+\.\d+\n\w+ 2 \d+\.\d+$/,
  'packages/kernels/README.md, block 3': /4, *5, *10, *11/,
  'packages/random/README.md, block 2': /^true -?\d\.\d+ \d+ [0-5]$/,
};

/** What makes a program of a README small, or is a place of its reader's. */
const SMALLER: readonly (readonly [string, string])[] = [
  ['fit({', "fit({ maxMinutes: 0.0001, testInputs: 2, engine: 'wasm', workers: 1,"],
  ['/shared/run', 'runs/mine'],
];

/** The runs and files that commands of the READMEs name. */
const PICTURE = `
nem data preview flying-shapes-3 --out preview --count 1
cp preview/samples.png drawing.png
`;
const FILES = `${PICTURE}
nem train static-shapes --out runs/mine
nem train flying-shapes-3 --out runs/flying-shapes-3
nem train flying-mnist --out runs/flying-mnist
cp preview/samples.gif film.gif
mkdir frames
cp drawing.png frames/1.png
cp drawing.png frames/2.png
cp ${join(root, 'packages/train/examples/bars.mjs')} .
node --input-type=module -e "
  import jpeg from 'jpeg-js';
  const data = Uint8Array.from({ length: 4 * 64 * 64 }, (_, i) => (i % 256 < 100 ? 255 : 20));
  fs.writeFileSync('photo.jpg', jpeg.encode({ width: 64, height: 64, data }).data);"
`;
const BEFORE: Readonly<Record<string, string>> = {
  'README.md': PICTURE,
  'packages/models/README.md': PICTURE,
  'packages/train/README.md': FILES,
};

describe.each(readmes)('every block of code of %s', (readme) => {
  const blocks = blocksOf(join(root, readme), readme);
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = new Sandbox();
    const { status, output } = await sandbox.run('sh', ['-ec', BEFORE[readme] ?? ''], new AbortController().signal);
    expect(status, output).toBe(0);
  });
  afterAll(() => sandbox.remove());

  it.for(blocks)('$title', async (block, { signal }) => {
    const code = SMALLER.reduce((text, [from, to]) => text.replaceAll(from, to), block.code);
    const ended = await runBlock(sandbox, { ...block, code }, signal);
    expect(ended.status, ended.output).toBe(0);
    const printed = Object.entries(PRINTS).find(([start]) => block.title.startsWith(`${start}:`))?.[1];
    if (printed) expect(ended.output.replace(/\n$/, '')).toMatch(printed);
    else if (code.includes('console.log')) expect(ended.output).not.toBe('');
  });
});

/** Runs a block of any language that the READMEs have. */
async function runBlock(sandbox: Sandbox, { language, code, title }: Block, signal: AbortSignal) {
  switch (language) {
    case 'js':
    case 'ts':
      return sandbox.script(code, signal);
    case 'sh':
      return sandbox.run('sh', ['-ec', code], signal);
    case 'json':
      return { status: 0, output: JSON.stringify(JSON.parse(code)) };
    case 'html':
      // A page with a GPU: `packages/webgpu/test/browser.test.ts` runs it in Chromium.
      expect(title).toMatch(/^packages\/webgpu\//);
      return { status: 0, output: title };
    case 'text':
      return { status: 0, output: code };
    default:
      throw new Error(`${title} is of the language '${language}', which this test does not run.`);
  }
}

it('the root’s table of results is that of results/README.md', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/readme-results.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
});

it('every README has what it is, how it is installed, and a first result', () => {
  for (const readme of readmes) {
    const text = readFileSync(join(root, readme), 'utf8');
    expect(text, readme).toMatch(
      /\n## Install\n[\s\S]*npm install [\s\S]*\n## Thirty seconds to a result\n[\s\S]*\n```/,
    );
  }
});
