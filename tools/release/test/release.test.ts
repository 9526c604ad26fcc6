import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmrc, pnpm, type Registry, run, startRegistry } from 'registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath } from '../../chromium.mjs';
import { installExample, pythonWith, SMALL_TRAINING, script, visit } from './examples.fixture.js';
import { ReleasedWorkspace } from './workspace.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-release-'));
let registry: Registry;
let workspace: ReleasedWorkspace;

/** `pnpm release` without what CI does anyway (build and test), and without GitHub's identity. */
const release = () =>
  run(process.execPath, ['tools/release/release.mjs', 'version', 'publish', '--without-provenance'], {
    cwd: workspace.folder,
    env: { ...registry.env, CI: '1' },
  });

/** A user's project with exactly these versions of packages of ours. */
async function install(name: string, versions: Readonly<Record<string, string>>) {
  const at = join(folder, name);
  mkdirSync(at);
  const manifest = { private: true, type: 'module', dependencies: versions, pnpm: { overrides: versions } };
  writeFileSync(join(at, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(at, '.npmrc'), npmrc(registry.url));
  await pnpm(['install', '--prefer-offline', '--ignore-scripts'], { cwd: at, env: registry.env });
  return at;
}

/** The command of a user's project, on one thread without native code. */
const nem = (at: string, ...args: readonly string[]) =>
  run(process.execPath, [join(at, 'node_modules/@nem/train/dist/cli.js'), ...args], { cwd: folder });

const SMALL = [
  '--set',
  'validationInputs=2',
  '--set',
  'dataset.training=4',
  '--set',
  'batchSize=2',
  '--set',
  'epochs=2',
];
const ENGINE = ['--engine', 'wasm', '--workers', '1', '--count', '2'];

beforeAll(async () => {
  registry = await startRegistry();
  const at = join(folder, 'workspace');
  mkdirSync(at);
  workspace = new ReleasedWorkspace(at);
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a release', () => {
  it('is not published without provenance, unless that is said', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = registry.env;
    const ended = run(process.execPath, ['tools/release/release.mjs', 'publish'], { cwd: workspace.folder, env });
    await expect(ended).rejects.toThrow('add --without-provenance');
  });

  it('of everything is 0.1.0, with a changelog of its own text, tags, and a commit', async () => {
    await release();
    for (const name of workspace.names) {
      expect(workspace.manifest(name).version, name).toBe('0.1.0');
      const changelog = workspace.read(name, 'CHANGELOG.md');
      expect(changelog).toMatch(
        new RegExp(`^# @nem/${name}\n\n## 0\\.1\\.0\n\n### Minor Changes\n\n[\\s\\S]*- First release: `),
      );
      // A text and not the diary of how it came to be: no commit is named.
      expect(changelog, name).not.toMatch(/\b[0-9a-f]{7,40}:/);
    }
    const tags = workspace.git('tag', '--list').split('\n');
    expect(tags).toEqual(workspace.names.map((name) => `@nem/${name}@0.1.0`).sort());
    expect(workspace.git('log', '-1', '--format=%s')).toMatch(/^Release @nem\/core 0\.1\.0, /);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('of a change has that package and no other', async () => {
    writeFileSync(
      join(workspace.folder, '.changeset/a-change.md'),
      "---\n'@nem/core': patch\n'@nem/train': patch\n---\n\nA change for the dry run.\n\n- With a list.\n",
    );
    for (const file of ['core/dist/index.js', 'train/dist/cli.js']) {
      appendFileSync(join(workspace.folder, 'packages', file), '\n// 0.1.1\n');
    }
    workspace.commit('A change for the dry run');
    await release();
    const versions = Object.fromEntries(workspace.names.map((name) => [name, workspace.manifest(name).version]));
    const changed = Object.entries(versions).flatMap(([name, version]) => (version === '0.1.1' ? [name] : []));
    expect(changed).toEqual(['core', 'train']);
    expect(workspace.read('train', 'CHANGELOG.md')).toMatch(
      /^# @nem\/train\n\n## 0\.1\.1\n\n### Patch Changes\n\n- A change for the dry run\.\n\n {2}- With a list\.\n\n?- Uses @nem\/core 0\.1\.1\.\n\n## 0\.1\.0\n/,
    );
    expect(workspace.git('tag', '--points-at', 'HEAD').split('\n')).toEqual(['@nem/core@0.1.1', '@nem/train@0.1.1']);
  });
});

describe('what one version has written', () => {
  let older: string;
  let newer: string;

  beforeAll(async () => {
    older = await install('older', { '@nem/train': '0.1.0', '@nem/core': '0.1.0' });
    newer = await install('newer', { '@nem/train': '0.1.1', '@nem/core': '0.1.1' });
    await nem(older, 'train', 'static-shapes', '--out', 'runs/older', ...SMALL, ...ENGINE);
    await nem(newer, 'train', 'static-shapes', '--out', 'runs/newer', ...SMALL, ...ENGINE);
  });

  it('is that of its version: both are installed as they were published, each with its changelog', () => {
    for (const [at, version] of [
      [older, '0.1.0'],
      [newer, '0.1.1'],
    ] as const) {
      const installed = (file: string) => readFileSync(join(at, 'node_modules/@nem/train', file), 'utf8');
      expect(JSON.parse(installed('package.json'))).toMatchObject({ version });
      expect(installed('CHANGELOG.md')).toContain(`## ${version}\n`);
      expect(installed('dist/cli.js').endsWith('// 0.1.1\n')).toBe(version === '0.1.1');
      expect(existsSync(join(at, 'node_modules/@nem/train/README.md'))).toBe(true);
    }
  });

  it.each([
    ['newer', 'older'],
    ['older', 'newer'],
  ] as const)('the %s one reads of the %s: weights, a run and its records', async (reader, writer) => {
    const at = reader === 'newer' ? newer : older;
    const out = `runs/${reader}-from-${writer}`;
    const scores = await nem(at, 'evaluate', `runs/${writer}`, '--json', '--out', `${out}-scores`, ...ENGINE);
    const written = JSON.parse(readFileSync(join(folder, `runs/${writer}/report/test.json`), 'utf8'));
    expect(JSON.parse(scores.stdout).test.adjustedMutualInfo).toEqual(written.adjustedMutualInfo);
    await nem(at, 'train', 'static-shapes', '--from', `runs/${writer}`, '--out', out, ...SMALL, ...ENGINE);
    await nem(at, 'results', '--add', `runs/${writer}`, '--out', `${out}-results`);
    expect(readFileSync(join(folder, `${out}-results/README.md`), 'utf8')).toContain('| last epoch |');
  });

  it('a run goes on with the newer version', async () => {
    const { stderr } = await nem(newer, 'train', '--resume', 'runs/older', '--count', '2');
    expect(stderr).toContain('training ended by last epoch');
  });
});

describe('the examples, installed from the registry', () => {
  const at = (name: string) => join(folder, 'examples', name);
  const install = (name: string) => installExample(name, at(name), registry);

  it('scores', async () => {
    await install('scores');
    expect(await script(at('scores'), 'start')).toBe('AMI  0.630\nARI  0.800\nV    0.834\n');
  });

  it('group-sequence', async () => {
    await install('group-sequence');
    const scores = [...(await script(at('group-sequence'), 'start')).matchAll(/AMI (\d\.\d+)/g)].map(([, ami]) =>
      Number(ami),
    );
    expect(scores).toHaveLength(20);
    expect(Math.max(...scores)).toBeGreaterThan(0.7);
    expect(existsSync(join(at('group-sequence'), 'groups.gif'))).toBe(true);
  });

  it('own-data', async () => {
    await install('own-data');
    await script(at('own-data'), 'preview', '--count', '2');
    expect(await script(at('own-data'), 'start', '0.001')).toMatch(/^time limit; AMI on test images: -?\d\.\d+\n$/m);
    expect(existsSync(join(at('own-data'), 'runs/crosses/report/index.md'))).toBe(true);
  });

  it.skipIf(!browserPath)('page (Chromium)', async () => {
    await install('page');
    await script(at('page'), 'build');
    const { first, second, errors } = await visit(join(at('page'), 'dist'));
    expect(first).toMatch(/^Image 0: [2-4] groups, found in \d+ ms\.$/);
    expect(second).toMatch(/^Image 1: [2-4] groups/);
    expect(errors).toEqual([]);
  });

  it('python', async () => {
    await install('python');
    await script(at('python'), 'train', ...SMALL_TRAINING);
    await script(at('python'), 'export');
    await script(at('python'), 'images');
    const programs = [
      ['torch', 'group_with_torch.py', 'weights.safetensors'],
      ['onnxruntime', 'group_with_onnx.py', 'step.onnx'],
    ] as const;
    for (const [module, program, file] of programs) {
      const python = pythonWith(module);
      // Both are compared with this package by numbers, where Python has what they need: packages/train/src/export/python.test.ts.
      if (!python) continue;
      await run(python, [program, file, 'images.npy', `${module}.npy`], { cwd: at('python') });
      expect(readFileSync(join(at('python'), `${module}.npy`)).length).toBeGreaterThan(4 * 28 * 28);
    }
  });
});
